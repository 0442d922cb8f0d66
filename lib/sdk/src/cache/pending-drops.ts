import type { Clock } from "../clock.ts";

const FIRST_MS = 200;
const LONGEST_MS = 5_000;
/** Beyond it, everything counts as invalidated until the store is back. */
const MOST = 100_000;

/**
 * Invalidations that the store could not be told. They are tried again until it was: an invalidation that is forgotten
 * would have an old value served for as long as it lives.
 */
export class PendingDrops {
  readonly #names = new Set<string>();
  readonly #clock: Clock;
  readonly #tell: (name: string) => void | Promise<void>;
  #overflown = false;
  #waitMs = FIRST_MS;
  #retrying = false;

  constructor(clock: Clock, tell: (name: string) => void | Promise<void>) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Whether one of these names is invalid, though the store does not know it. */
  any(names: readonly string[]): boolean {
    return this.#names.size > 0 && (this.#overflown || names.some((name) => this.#names.has(name)));
  }

  /** Resolves with whether the store was told. Never rejects. */
  async drop(name: string): Promise<boolean> {
    try {
      const told = this.#tell(name);
      if (told === undefined) return true;
      // Before the store answers, this process must not serve it any more either.
      this.#add(name);
      await told;
      this.#names.delete(name);
      return true;
    } catch {
      // Reported where it failed.
      this.#add(name);
      this.#retryLater();
      return false;
    }
  }

  #add(name: string): void {
    if (this.#names.size < MOST) this.#names.add(name);
    else this.#overflown = true;
  }

  #retryLater(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    this.#clock.after(this.#waitMs, () => void this.#retry());
    this.#waitMs = Math.min(LONGEST_MS, this.#waitMs * 2);
  }

  async #retry(): Promise<void> {
    this.#retrying = false;
    for (const name of this.#names) {
      try {
        await this.#tell(name);
        this.#names.delete(name);
      } catch {
        return this.#retryLater();
      }
    }
    this.#waitMs = FIRST_MS;
    this.#overflown = false;
  }
}
