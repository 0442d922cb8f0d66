/** A repeatable source of numbers in [0, 1): xorshift over 32 bits. The demo's people are the same at every start. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A wait until the next of events that come at `perSecond` on average (Poisson), seconds. */
export function nextWaitSeconds(random: Random, perSecond: number): number {
  return -Math.log(1 - random()) / perSecond;
}
