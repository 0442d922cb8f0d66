/** A repeatable source of numbers in [0, 1). */
export type Random = () => number;

/** The same seed always gives the same numbers: a Weyl sequence, each number of it mixed well. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** P[X ≤ k] of a Poisson variable with mean 1. */
const POISSON_SUMS = Float64Array.from(
  { length: 12 },
  (() => {
    let term = Math.exp(-1);
    let sum = 0;
    return (_: unknown, k: number) => {
      sum += term;
      term /= k + 1;
      return sum;
    };
  })(),
);

/** How often one of many is drawn when as many are drawn with replacement: Poisson with mean 1. */
export function poissonOne(random: Random): number {
  const at = random();
  let count = 0;
  while (count < POISSON_SUMS.length && at >= POISSON_SUMS[count]!) count++;
  return count;
}
