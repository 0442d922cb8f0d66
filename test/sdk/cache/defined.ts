import { systemClock, type Clock } from "@/lib/sdk/src/clock";
import type { CachedDefinition, DefinitionVisit } from "@/lib/sdk/src/cache/definition-type";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import { Definition } from "@/lib/sdk/src/cache/definition";
import { readOptions, type CachedOptions } from "@/lib/sdk/src/cache/options";
import { definitionHub } from "@/lib/sdk/src/cache/definition-hub";
import type { CacheStore } from "@/lib/sdk/src/cache/store";

export interface Parts {
  store?: CacheStore;
  clock?: Clock;
}

let names = 0;

/** A definition of a name of its own, apart from the process's registry. */
export function define<Value>(options: Partial<CachedOptions<Value>>, parts: Parts = {}): CachedDefinition<Value> {
  const clock = parts.clock ?? systemClock;
  const settings = readOptions<Value>({
    name: `definition ${++names}`,
    ttl: 60,
    load: () => {
      throw new Error("this test gives no load");
    },
    ...options,
  });
  return new Definition(settings, parts.store ?? memoryStore(clock), clock);
}

/** A load whose values a test gives when it likes. */
export class SlowLoad<Value> {
  readonly calls: {
    user: string;
    reason: string;
    signal: AbortSignal;
    answer: (value: Value) => void;
    fail: (error: unknown) => void;
  }[] = [];

  readonly load = (user: string, context: { reason: string; signal: AbortSignal }): Promise<Value> =>
    new Promise((answer, fail) => void this.calls.push({ user, ...context, answer, fail }));
}

/** Collects the visits to one definition. */
export function visitsTo(definition: { name: string }): { visits: DefinitionVisit[]; stop: () => void } {
  const visits: DefinitionVisit[] = [];
  const { visited } = definitionHub();
  const told = (visit: DefinitionVisit): void => void (visit.definition === definition.name && visits.push(visit));
  visited.add(told);
  return { visits, stop: () => void visited.delete(told) };
}

export const order = (decision = "d1", forMs = 60_000): { decision: string; notAfterMs: number } => ({
  decision,
  notAfterMs: Date.now() + forMs,
});
