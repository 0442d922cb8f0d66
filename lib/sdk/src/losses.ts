/**
 * Samples that could not be kept, by reason. They travel in the next batch, never in a request of their own, and come
 * back here when that batch is lost itself: reported = lost.
 */
export class Losses {
  readonly #open = new Map<string, number>();
  readonly #reported = new Map<string, number>();

  add(reason: string, count: number): void {
    if (count > 0) this.#open.set(reason, (this.#open.get(reason) ?? 0) + count);
  }

  addAll(losses: ReadonlyMap<string, number>): void {
    for (const [reason, count] of losses) this.add(reason, count);
  }

  /** Hands out what no batch carries yet. Whoever takes it must either send it or `addAll` it again. */
  take(): Map<string, number> {
    const taken = new Map(this.#open);
    this.#open.clear();
    return taken;
  }

  /** A batch that carried these was accepted. */
  delivered(losses: ReadonlyMap<string, number>): void {
    for (const [reason, count] of losses) this.#reported.set(reason, (this.#reported.get(reason) ?? 0) + count);
  }

  get any(): boolean {
    return this.#open.size > 0;
  }

  get open(): Record<string, number> {
    return Object.fromEntries(this.#open);
  }

  get reported(): Record<string, number> {
    return Object.fromEntries(this.#reported);
  }
}
