import { gzipSync } from "node:zlib";
import { build, encodeIntoCompressedBase64, type Histogram as HdrHistogram } from "hdr-histogram-js";
import type { RecordedWindow } from "@/lib/wire";
import { encodeBatchInSlices } from "@/lib/wire";
import { collect, median, type Row, short } from "./rounds.ts";
import { latencies } from "./samples.ts";
import { SAMPLES, source, userId, recordWindow, type Recorded } from "./windows.ts";

const ROUNDS = 9;

interface Close {
  totalMs: number;
  longestSliceMs: number;
  bytes: number;
}

function closeOurs(window: RecordedWindow): Close {
  const work = encodeBatchInSlices(window, source);
  let totalMs = 0;
  let longestSliceMs = 0;
  for (;;) {
    const started = performance.now();
    const step = work.next();
    const ms = performance.now() - started;
    totalMs += ms;
    longestSliceMs = Math.max(longestSliceMs, ms);
    if (step.done) return { totalMs, longestSliceMs, bytes: gzipSync(step.value).length };
  }
}

/** What the app would do with hdr-histogram-js: one encoding a user, in one JSON, in one go. */
function closePeers(histograms: Map<string, HdrHistogram>): Close {
  const started = performance.now();
  const users = Array.from(histograms, ([id, histogram]) => ({ id, latency: encodeIntoCompressedBase64(histogram) }));
  const text = JSON.stringify({ users });
  const totalMs = performance.now() - started;
  return { totalMs, longestSliceMs: totalMs, bytes: gzipSync(text).length };
}

function peerWindow({ series, shape }: Recorded): Map<string, HdrHistogram> {
  const histograms = new Map<string, HdrHistogram>();
  for (const [at, latencyUs] of latencies(series * SAMPLES, shape).entries()) {
    const id = userId(at % series);
    let histogram = histograms.get(id);
    if (!histogram) histograms.set(id, (histogram = build({ bitBucketSize: 16, numberOfSignificantValueDigits: 2 })));
    histogram.recordValue(latencyUs);
  }
  return histograms;
}

function measured(what: string, recorded: Recorded, close: () => Close, rounds = ROUNDS): Row {
  close();
  const closes = Array.from({ length: rounds }, () => {
    collect();
    return close();
  });
  return {
    what,
    latencies: recorded.shape ?? "lognormal",
    series: recorded.series,
    endpoints: recorded.endpoints,
    totalMs: short(median(closes.map((each) => each.totalMs))),
    longestSliceMs: short(median(closes.map((each) => each.longestSliceMs))),
    gzippedBytesPerSeries: short(closes[0]!.bytes / recorded.series),
  };
}

export default async function bench(): Promise<Row[]> {
  const ours: Recorded[] = [
    { series: 10_000, endpoints: 50, shape: "lognormal" },
    { series: 10_000, endpoints: 50, shape: "bimodal" },
    { series: 10_000, endpoints: 50, shape: "pareto" },
    { series: 10_000, endpoints: 200, shape: "lognormal" },
    { series: 2_000, endpoints: 50, shape: "lognormal" },
  ];
  const rows = ours.map((recorded) => {
    const window = recordWindow(recorded);
    return measured("tailfill", recorded, () => closeOurs(window));
  });
  const peer: Recorded = { series: 10_000, endpoints: 1 };
  const histograms = peerWindow(peer);
  rows.push(measured("hdr-histogram-js + JSON", peer, () => closePeers(histograms), 3));
  return rows;
}
