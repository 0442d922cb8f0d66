import { randomUUID } from "node:crypto";
import { encodePayload, highestAt, indexOf, newCounts } from "@/lib/histogram/index";
import type { Batch, EndpointSeries, Outcome } from "@/lib/wire/index";

/** One request, as the test remembers it: the raw truth that answers are compared with. */
export interface Sample {
  atMs: number;
  service: string;
  route: string;
  user: string | null;
  outcome: Outcome;
  latencyUs: number;
}

/** A repeatable source of numbers in 0…1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WINDOW_MS = 10_000;

/** The batches that an SDK would send for some requests: one a service and window of 10 s. */
export function batchesOf(samples: readonly Sample[]): Batch[] {
  const windows = groupBy(samples, ({ atMs, service }) => `${Math.floor(atMs / WINDOW_MS)} ${service}`);
  return [...windows.values()].map((inWindow) => ({
    batch: randomUUID(),
    service: inWindow[0]!.service,
    environment: "production",
    instance: "web-1",
    window: { startMs: Math.floor(inWindow[0]!.atMs / WINDOW_MS) * WINDOW_MS, seconds: 10 },
    endpoints: [...groupBy(inWindow, ({ route }) => route)].map(([route, some]) => endpointOf(route, some)),
    losses: new Map(),
  }));
}

function endpointOf(route: string, samples: readonly Sample[]): EndpointSeries {
  const byOutcome = groupBy(samples, ({ outcome }) => outcome);
  const named = samples.filter(({ user }) => user !== null);
  return {
    method: "GET",
    route,
    outcomes: Object.fromEntries([...byOutcome].map(([outcome, some]) => [outcome, payloadOf(some)])),
    users: [...groupBy(named, ({ user }) => user!)].map(([id, some]) => ({ id, latency: payloadOf(some) })),
  };
}

export function countsOf(samples: readonly Sample[]): Float64Array {
  const counts = newCounts();
  for (const { latencyUs } of samples) counts[indexOf(latencyUs)]! += 1;
  return counts;
}

const payloadOf = (samples: readonly Sample[]) => encodePayload(countsOf(samples));

export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The exact value at a percentile by nearest rank; `null` without samples. */
export function exactPercentile(samples: readonly Sample[], q: number): number | null {
  const sorted = samples.map(({ latencyUs }) => latencyUs).sort((a, b) => a - b);
  const rank = Math.ceil(Number(((q / 100) * sorted.length).toFixed(9)));
  return sorted[Math.max(rank, 1) - 1] ?? null;
}

/** What a histogram of 2 digits may say for an exact value: the highest value of its bucket. */
export const bucketTop = (valueUs: number | null): number | null =>
  valueUs === null ? null : highestAt(indexOf(valueUs));

/** The samples that an answer's range says it covers. */
export function within(samples: readonly Sample[], range: { from: string; to: string }): Sample[] {
  const from = Date.parse(range.from);
  const to = Date.parse(range.to);
  return samples.filter(({ atMs }) => atMs >= from && atMs < to);
}
