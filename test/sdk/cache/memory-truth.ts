import { setImmediate as turn } from "node:timers/promises";
import type { Truth } from "./shared/race";

/** The truth of a race in one process. Asking it takes a few turns of the event loop, as asking a database would. */
export class MemoryTruth implements Truth {
  readonly #values = new Map<string, number>();

  async get(key: string): Promise<string | null> {
    return this.#values.get(key)?.toString() ?? null;
  }

  async incr(key: string): Promise<number> {
    const value = (this.#values.get(key) ?? 0) + 1;
    this.#values.set(key, value);
    return value;
  }

  /** The only script of a race raises a number. */
  async eval(_script: string, _keys: number, key: string, value: number): Promise<void> {
    this.#values.set(key, Math.max(this.#values.get(key) ?? 0, value));
  }

  async load(user: string): Promise<{ n: number }> {
    await turns();
    const n = this.#values.get(`truth:${user}`) ?? 0;
    await turns();
    return { n };
  }
}

async function turns(): Promise<void> {
  for (let left = Math.floor(Math.random() * 6); left > 0; left--) await turn();
}
