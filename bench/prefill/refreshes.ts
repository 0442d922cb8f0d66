/** A user whose value is about to expire, and the visit that it was computed for. */
export interface Due {
  atMs: number;
  user: number;
  place: number;
}

/** What is due when: at most one for each user, the nearest first. */
export class Refreshes {
  private readonly known = new Set<number>();
  /** The latest first. Times come nearly in order, so that the place of a new one is near the beginning. */
  private readonly list: Due[] = [];

  add(due: Due): void {
    if (this.known.has(due.user)) return;
    this.known.add(due.user);
    let at = 0;
    while (at < this.list.length && this.list[at]!.atMs > due.atMs) at++;
    this.list.splice(at, 0, due);
  }

  /** Takes out the nearest if it is due. */
  take(nowMs: number): Due | undefined {
    const nearest = this.list.at(-1);
    if (nearest === undefined || nearest.atMs > nowMs) return undefined;
    this.known.delete(nearest.user);
    return this.list.pop();
  }
}
