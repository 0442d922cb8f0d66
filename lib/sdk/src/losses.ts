/**
 * Samples that could not be kept, by reason. They travel in the next batch, never in a request of their own, and come
 * back here when that batch is lost itself: reported = lost.
 */
export class Losses {
  readonly #open = new Map<string, number>();
  /** In batches whose fate is not known yet. */
  readonly #carried = new Map<string, number>();
  readonly #reported = new Map<string, number>();

  add(reason: string, count: number): void {
    if (count > 0) move(this.#open, reason, count);
  }

  addAll(losses: ReadonlyMap<string, number>): void {
    for (const [reason, count] of losses) this.add(reason, count);
  }

  /** Is there any that no batch carries? */
  get any(): boolean {
    return this.#open.size > 0;
  }

  /** Hands out what no batch carries yet, for one that must end in `delivered` or `returned`. */
  take(): Map<string, number> {
    const taken = new Map(this.#open);
    for (const [reason, count] of taken) move(this.#carried, reason, count);
    this.#open.clear();
    return taken;
  }

  /** The batch that carried these was accepted. */
  delivered(losses: ReadonlyMap<string, number>): void {
    for (const [reason, count] of losses) {
      move(this.#carried, reason, -count);
      move(this.#reported, reason, count);
    }
  }

  /** The batch that carried these is lost itself. */
  returned(losses: ReadonlyMap<string, number>): void {
    for (const [reason, count] of losses) move(this.#carried, reason, -count);
    this.addAll(losses);
  }

  /** What no accepted batch has reported. */
  get unreported(): Record<string, number> {
    const sum = new Map(this.#open);
    for (const [reason, count] of this.#carried) move(sum, reason, count);
    return Object.fromEntries(sum);
  }

  get reported(): Record<string, number> {
    return Object.fromEntries(this.#reported);
  }
}

function move(into: Map<string, number>, reason: string, count: number): void {
  const sum = (into.get(reason) ?? 0) + count;
  if (sum === 0) into.delete(reason);
  else into.set(reason, sum);
}
