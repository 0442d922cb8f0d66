import { keyOf, type Session } from "./session.ts";

/** What was told already, to tell it once: a statement stays for many looks. */
export class Told {
  /** Statement → reasons; of a blocked statement also who blocks it. */
  readonly #told = new Map<string, Set<string>>();

  /** Forgets statements that are over. */
  keep(sessions: readonly Session[]): void {
    const running = new Set(sessions.map(keyOf));
    for (const key of this.#told.keys()) if (!running.has(key)) this.#told.delete(key);
  }

  /** Whether this is told of a statement for the first time. */
  first(session: Session, what: string): boolean {
    const key = keyOf(session);
    const before = this.#told.get(key) ?? new Set();
    this.#told.set(key, before);
    return !before.has(what) && Boolean(before.add(what));
  }

  /** Whether one of those that wait for a process has not been told of before. */
  firstOf(pid: number, waiting: readonly Session[]): boolean {
    return waiting.filter((session) => this.first(session, `blocked by ${pid}`)).length > 0;
  }
}
