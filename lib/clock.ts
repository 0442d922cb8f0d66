/** Where the time comes from. Decisions take it as an argument, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds since a time. When that is ahead, the clock was set back meanwhile, nobody knows how far: it is long ago. */
export const sinceMs = (thenMs: number, nowMs: number): number => (nowMs >= thenMs ? nowMs - thenMs : Infinity);
