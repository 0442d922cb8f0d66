import { encodePayload, indexOf, newCounts, type Counts, type PayloadRange } from "@/lib/histogram";
import type { DefinitionSeen, Seen } from "@/lib/prefill";

/** Samples as a payload. */
export function rangeOf(samplesUs: readonly number[]): PayloadRange {
  const bytes = encodePayload(countsOf(samplesUs));
  return { bytes, start: 0, end: bytes.length };
}

export function countsOf(samplesUs: readonly number[]): Counts {
  const counts = newCounts();
  for (const value of samplesUs) counts[indexOf(Math.round(value))]!++;
  return counts;
}

/** A user as a test tells it: raw latencies, those of misses in the order of days. */
export interface Told {
  miss: number[];
  hit?: number[];
  cold?: number;
  costUs?: number;
}

export function seenOf(user: number, { miss, hit = [], cold = miss.length, costUs = 1e6 }: Told): Seen {
  return {
    user,
    cold,
    filled: 0,
    missEven: rangeOf(miss.filter((_, at) => at % 2 === 0)),
    missOdd: rangeOf(miss.filter((_, at) => at % 2 === 1)),
    hit: rangeOf(hit),
    loads: miss.length,
    loadUs: miss.length * costUs,
    writes: 0,
    signals: { seen: 0, followed: 0 },
  };
}

/** The definition that these users add up to. */
export function definitionOf(told: readonly Told[], change: Partial<DefinitionSeen> = {}): DefinitionSeen {
  const rows = told.map((each, user) => seenOf(user, each));
  const sum = (of: (seen: Seen) => number) => rows.reduce((total, seen) => total + of(seen), 0);
  return {
    name: "feed",
    ttlSeconds: 1800,
    targetUs: 500_000,
    miss: countsOf(told.flatMap((each) => each.miss)),
    hit: countsOf(told.flatMap((each) => each.hit ?? [])),
    loads: sum((seen) => seen.loads),
    loadUs: sum((seen) => seen.loadUs),
    use: { any: { seen: 0, followed: 0 }, bySignal: new Map() },
    cold: sum((seen) => seen.cold),
    announced: 0,
    visited: 0,
    inTime: 0,
    delayHours: 1 / 60,
    ...change,
  };
}
