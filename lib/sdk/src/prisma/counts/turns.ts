/**
 * Who may ask on a connection that has one user at a time. What goes back to a savepoint takes all with it that was asked since:
 * nobody else may ask in the meantime, though an app may well ask several things of a transaction at once.
 */
export class Turns {
  #held: Promise<void> | undefined;

  /** Asks as soon as nobody holds the connection; at once as a rule. */
  ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return this.#held === undefined ? ask() : this.#askLater(ask);
  }

  async #askLater<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    while (this.#held !== undefined) await this.#held;
    return ask();
  }

  /** Holds the connection while `run` does. What `run` asks must not wait for its turn. */
  async hold<Result>(run: () => Promise<Result>): Promise<Result> {
    while (this.#held !== undefined) await this.#held;
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => (release = resolve));
    try {
      return await run();
    } finally {
      this.#held = undefined;
      release();
    }
  }
}
