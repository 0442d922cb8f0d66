import { ownString } from "../own-string.ts";

/**
 * Who was seen when, to tell the first request of a session. Bounded: of more users than `mostUsers`, those not seen for
 * longest are forgotten, and count as new when they come again.
 */
export class Sessions {
  readonly #gapSeconds: number;
  readonly #half: number;
  /** Whole seconds, which cost no memory of their own, unlike other numbers. */
  #recent = new Map<string, number>();
  #older = new Map<string, number>();

  /** @param gapMs without a request for so long, a session is over */
  constructor(gapMs: number, mostUsers: number) {
    this.#gapSeconds = Math.max(1, Math.round(gapMs / 1000));
    this.#half = Math.max(1, Math.floor(mostUsers / 2));
  }

  /** Notes a request; says whether it is the first of a session. Times are of a monotonic clock. */
  starts(user: string, nowMs: number): boolean {
    const second = Math.trunc(nowMs / 1000);
    const seen = this.#recent.get(user);
    if (seen === undefined) return this.#startsAnew(user, second);
    if (seen !== second) this.#recent.set(user, second);
    return second - seen >= this.#gapSeconds;
  }

  get users(): number {
    return this.#recent.size + this.#older.size;
  }

  /** Two generations instead of a list by use: nothing is moved per request. */
  #startsAnew(user: string, second: number): boolean {
    const seen = this.#older.get(user);
    if (seen !== undefined) this.#older.delete(user);
    if (this.#recent.size >= this.#half) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(ownString(user), second);
    return seen === undefined || second - seen >= this.#gapSeconds;
  }
}
