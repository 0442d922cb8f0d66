const MOST = 10_000;

/** Decisions whose first visit this process has told, the last ones of them. */
export class ToldDecisions {
  readonly #ids = new Set<string>();

  /** The decision, if this is the first time that it is asked for; undefined for none. */
  first(decision: string | undefined): string | undefined {
    if (decision === undefined || this.#ids.has(decision)) return undefined;
    this.#ids.add(decision);
    if (this.#ids.size > MOST) this.#ids.delete(this.#ids.values().next().value as string);
    return decision;
  }
}
