/** Fewer requests than this in a second say nothing about their p95. */
const FEWEST = 20;

/** Counts how many of the app's own requests were slower than a limit. Two additions a request. */
export class Foreground {
  limitUs = Infinity;
  #requests = 0;
  #slow = 0;

  count(latencyUs: number): void {
    this.#requests++;
    if (latencyUs > this.limitUs) this.#slow++;
  }

  /** The share of slow requests since the last call that gave one; null while there were too few, or nothing is watched. */
  take(): number | null {
    if (this.#requests < FEWEST) return null;
    const share = this.limitUs === Infinity ? null : this.#slow / this.#requests;
    this.#requests = 0;
    this.#slow = 0;
    return share;
  }
}
