/** Time as the SDK sees it. It is an argument everywhere, so that tests need no sleep. */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock. It may jump either way. */
  wallMs(): number;
  /** Milliseconds by a clock that never goes back; its zero means nothing. */
  monotonicMs(): number;
  /** Runs `run` once after `delayMs`. The process does not stay alive for it, unless `keepsAlive`. */
  after(delayMs: number, run: () => void, keepsAlive?: boolean): Timer;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run, keepsAlive = false) {
    const timer = setTimeout(run, delayMs);
    if (!keepsAlive) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  random: () => Math.random(),
};
