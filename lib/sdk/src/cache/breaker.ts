/** What is known of a store that may be down. Times are in milliseconds by a clock that never goes back. */
export interface Breaker {
  /** Failures since the last success, up to the number that opens it. */
  failures: number;
  /** Nobody asks the store before this time. */
  openUntilMs: number;
  /** How long it stays open next time. */
  nextMs: number;
  /** Whether somebody is trying the store, after it was open. */
  trying: boolean;
}

const FAILURES_TO_OPEN = 3;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export const CLOSED: Breaker = { failures: 0, openUntilMs: 0, nextMs: FIRST_MS, trying: false };

/**
 * Whether the store may be asked now, and the breaker after that. Once its time is up one caller tries; the others are
 * refused until that try has ended, or `limitMs` is over.
 */
export function mayAsk(breaker: Breaker, nowMs: number, limitMs: number): [boolean, Breaker] {
  if (breaker.failures < FAILURES_TO_OPEN) return [true, breaker];
  if (nowMs < breaker.openUntilMs) return [false, breaker];
  return [true, { ...breaker, openUntilMs: nowMs + limitMs, trying: true }];
}

/** After a failure: open from the third in a row, twice as long each time. `random` in [0, 1) spreads the processes. */
export function afterFailure(breaker: Breaker, nowMs: number, random: number): Breaker {
  const failures = Math.min(breaker.failures + 1, FAILURES_TO_OPEN);
  if (failures < FAILURES_TO_OPEN) return { ...breaker, failures };
  // A call that was on its way when it opened says nothing new.
  if (breaker.failures === FAILURES_TO_OPEN && !breaker.trying) return breaker;
  const openMs = breaker.nextMs * (0.75 + 0.5 * random);
  return { failures, openUntilMs: nowMs + openMs, nextMs: Math.min(LONGEST_MS, breaker.nextMs * 2), trying: false };
}
