/** A decision whose window is not over. */
export interface OpenDecision {
  id: string;
  /** When it was taken, in milliseconds since the epoch. */
  atMs: number;
  /** The window's start and its place in it; see `decisionId`. */
  windowMs: number;
  sequence: number;
  notAfterMs: number;
  /** Its first visit has come: another decision may be taken. */
  closed: boolean;
}

/** Decisions by definition and user, so that nobody is decided on twice before the visit. Bounded: the oldest go first. */
export class OpenDecisions {
  readonly #most: number;
  readonly #byDefinition = new Map<string, Map<string, OpenDecision>>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** The last decision about this user, as long as its window is not over. */
  get(definition: string, user: string, nowMs: number): OpenDecision | undefined {
    const known = this.#byDefinition.get(definition)?.get(user);
    return known !== undefined && nowMs <= known.notAfterMs ? known : undefined;
  }

  set(definition: string, user: string, decision: OpenDecision): void {
    let users = this.#byDefinition.get(definition);
    if (users === undefined) this.#byDefinition.set(definition, (users = new Map()));
    this.delete(definition, user);
    if (this.#size >= this.#most) this.#dropOldest(users.size > 0 ? users : this.#largest());
    users.set(user, decision);
    this.#size++;
  }

  delete(definition: string, user: string): void {
    if (this.#byDefinition.get(definition)?.delete(user)) this.#size--;
  }

  /** Forgets decisions whose window is over, from the oldest on. */
  prune(nowMs: number): void {
    for (const users of this.#byDefinition.values()) {
      for (const [user, { notAfterMs }] of users) {
        if (notAfterMs >= nowMs) break;
        users.delete(user);
        this.#size--;
      }
    }
  }

  #dropOldest(users: Map<string, OpenDecision>): void {
    const [oldest] = users.keys();
    if (oldest !== undefined && users.delete(oldest)) this.#size--;
  }

  #largest(): Map<string, OpenDecision> {
    return [...this.#byDefinition.values()].reduce((a, b) => (b.size > a.size ? b : a));
  }
}
