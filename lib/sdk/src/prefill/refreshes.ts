/** A value that is to be computed anew before it expires. */
export interface DueRefresh {
  definition: string;
  user: string;
  /** By a monotonic clock. */
  atMs: number;
}

/** What is later than this was slept through: its value has expired, and all of them at once would be a storm. */
const TOO_LATE_MS = 10_000;

/** When which value is to be refreshed: one time per definition and user, the nearest first. Bounded. */
export class Refreshes {
  readonly #most: number;
  /** A binary heap by time. */
  readonly #heap: DueRefresh[] = [];
  readonly #known = new Map<string, Set<string>>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Notes a refresh; false when there is one for that user already, or no room. */
  add(due: DueRefresh): boolean {
    let users = this.#known.get(due.definition);
    if (users === undefined) this.#known.set(due.definition, (users = new Set()));
    if (users.has(due.user) || this.#heap.length >= this.#most) return false;
    users.add(due.user);
    this.#heap.push(due);
    this.#rise(this.#heap.length - 1);
    return true;
  }

  /** Takes out what is due at `nowMs`, without what was slept through. */
  take(nowMs: number): DueRefresh[] {
    const due: DueRefresh[] = [];
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= nowMs) {
      const first = this.#takeFirst();
      if (nowMs - first.atMs <= TOO_LATE_MS) due.push(first);
    }
    return due;
  }

  #takeFirst(): DueRefresh {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    this.#known.get(first.definition)?.delete(first.user);
    return first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const above = (at - 1) >> 1;
      if (this.#heap[above]!.atMs <= this.#heap[at]!.atMs) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < this.#heap.length && this.#heap[below]!.atMs < this.#heap[least]!.atMs) least = below;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one]!;
    this.#heap[one] = this.#heap[other]!;
    this.#heap[other] = kept;
  }
}
