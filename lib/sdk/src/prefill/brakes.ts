/** What the process felt in the last second. */
export interface Pressure {
  /** The 99th percentile of how late the event loop was, in milliseconds. */
  loopDelayMs: number;
  /** Share of the app's requests that were slower than the p95 they should keep; null when too few came, or it is not watched. */
  slowShare: number | null;
}

export interface BrakeLimits {
  /** Above this, filling is halved each second; above five times this, nothing is filled. */
  loopDelayMs: number;
}

/** Full speed is 1. It never falls below this by halving: a slow app is what fills are to cure. */
const SLOWEST = 1 / 16;
const STEP = 1 / 8;
/** What a p95 leaves above it. */
const TOLERATED_SHARE = 0.05;
const STANDSTILL = 5;

/** How fast to fill: additive increase, multiplicative decrease, a step a second. Pure. */
export function nextSpeed(speed: number, pressure: Pressure, limits: BrakeLimits): number {
  if (pressure.loopDelayMs > limits.loopDelayMs * STANDSTILL) return 0;
  const pressed =
    pressure.loopDelayMs > limits.loopDelayMs || (pressure.slowShare !== null && pressure.slowShare > TOLERATED_SHARE);
  if (pressed) return Math.max(SLOWEST, speed / 2);
  return Math.min(1, speed + STEP);
}

/** Fills at once at a speed. At least one, unless all stands still. */
export function atOnceAt(speed: number, concurrency: number): number {
  return speed === 0 ? 0 : Math.max(1, Math.round(speed * concurrency));
}

/** Lets through that share of what asks, evenly rather than by chance. */
export class Thinning {
  #credit = 1;

  passes(speed: number): boolean {
    if (speed === 0) return false;
    this.#credit = Math.min(1, this.#credit) + speed;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}
