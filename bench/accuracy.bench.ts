import { Histogram, Registry } from "prom-client";
import { addPayload, encodePayload, indexOf, newCounts, percentile } from "@/lib/histogram";
import { type Row, short } from "./rounds.ts";
import { latencies, shapes } from "./samples.ts";

const SAMPLES = 200_000;
const WINDOWS = 360;
const SEEDS = [1, 2, 3];
const QS = [50, 95, 99, 99.9];

type Estimate = (samples: readonly number[], q: number) => number;

/** Recorded in many windows, each encoded, all merged from their payloads: the way of a sample through tailfill. */
const tailfill = remembered((samples) => {
  const merged = newCounts();
  for (let at = 0; at < WINDOWS; at++) {
    const window = newCounts();
    for (let each = at; each < samples.length; each += WINDOWS) window[indexOf(samples[each]!)]!++;
    addPayload(merged, encodePayload(window));
  }
  return (q) => percentile(merged, q)!;
});

/** The mean of the windows' percentiles: what a tool does that keeps percentiles and not histograms. */
const averaged = remembered((samples) => {
  const windows = Array.from({ length: WINDOWS }, () => newCounts());
  for (const [at, value] of samples.entries()) windows[at % WINDOWS]![indexOf(value)]!++;
  return (q) => windows.reduce((sum, counts) => sum + percentile(counts, q)!, 0) / WINDOWS;
});

/** Prometheus' `histogram_quantile` over prom-client's default buckets. */
const promClient = remembered((samples) => {
  const bounds = [
    0,
    ...(new Histogram({ name: "s", help: "-", registers: [new Registry()] }) as unknown as { upperBounds: number[] })
      .upperBounds,
  ];
  const counts = bounds.map(() => 0);
  for (const value of samples) counts[bounds.findLastIndex((bound) => value / 1e6 > bound)]!++;
  return (q) => {
    const rank = (q / 100) * samples.length;
    let reached = 0;
    for (const [bucket, count] of counts.entries()) {
      const [from, to] = [bounds[bucket]!, bounds[bucket + 1]];
      if (to === undefined) return from * 1e6;
      if (reached + count >= rank) return (from + ((rank - reached) / count) * (to - from)) * 1e6;
      reached += count;
    }
    return Number.NaN;
  };
});

function remembered(prepare: (samples: readonly number[]) => (q: number) => number): Estimate {
  const prepared = new WeakMap<readonly number[], (q: number) => number>();
  return (samples, q) => {
    let estimate = prepared.get(samples);
    if (!estimate) prepared.set(samples, (estimate = prepare(samples)));
    return estimate(q);
  };
}

/** The largest error over all seeds, in per cent of the exact value. */
function worstError(estimate: Estimate, sets: readonly number[][], q: number): number {
  const errors = sets.map((samples) => {
    const sorted = samples.toSorted((a, b) => a - b);
    const exact = sorted[Math.ceil((q / 100) * sorted.length - 1e-9) - 1]!;
    return (100 * Math.abs(estimate(samples, q) - exact)) / exact;
  });
  return short(Math.max(...errors), 2);
}

export default async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const shape of Object.keys(shapes)) {
    const sets = SEEDS.map((seed) => latencies(SAMPLES, shape, seed));
    const contenders = {
      "tailfill, merged over 360 windows": tailfill,
      "mean of 360 windows' percentiles": averaged,
      "prom-client, default buckets": promClient,
    };
    for (const [what, estimate] of Object.entries(contenders)) {
      const errors = QS.map((q) => [`p${q} off by %`, worstError(estimate, sets, q)] as const);
      rows.push({ latencies: shape, what, ...Object.fromEntries(errors) });
    }
  }
  return rows;
}
