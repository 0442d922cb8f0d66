import { gzipSync } from "node:zlib";
import { build, encodeIntoCompressedBase64, type Histogram as HdrHistogram } from "hdr-histogram-js";
import type { RecordedWindow } from "@/lib/wire";
import { encodeBatchInSlices } from "@/lib/wire";
import { cpuNs, median, type Row, short } from "./rounds.ts";
import { latencies } from "./samples.ts";
import { SAMPLES, source, userId, recordWindow, type Recorded } from "./windows.ts";

const ROUNDS = 9;

interface Close {
  /** CPU time, which other work on the machine leaves alone. */
  cpuMs: number;
  totalMs: number;
  longestSliceMs: number;
  bytes: number;
}

function closeOurs(window: RecordedWindow): Close {
  const work = encodeBatchInSlices(window, source);
  let bytes: Uint8Array | undefined;
  const slices: number[] = [];
  const cpuMs =
    cpuNs(() => {
      while (!bytes) {
        const started = performance.now();
        const step = work.next();
        slices.push(performance.now() - started);
        if (step.done) bytes = step.value;
      }
    }) / 1e6;
  const totalMs = slices.reduce((sum, ms) => sum + ms, 0);
  return { cpuMs, totalMs, longestSliceMs: Math.max(...slices), bytes: gzipSync(bytes!).length };
}

/** The same window without its users: what their series add to it is the difference. */
function bytesWithoutUsers(window: RecordedWindow): number {
  const endpoints = window.endpoints.map((endpoint) => ({ ...endpoint, users: new Map<string, number>() }));
  const { samples, maxUs, losses, series } = window;
  return closeOurs({ samples, maxUs, losses, series, endpoints }).bytes;
}

/** What the app would do with hdr-histogram-js: one encoding a user, in one JSON, in one go. */
function closePeers(histograms: Map<string, HdrHistogram>): Close {
  const started = performance.now();
  let text = "";
  const cpu = cpuNs(() => {
    const users = Array.from(histograms, ([id, histogram]) => ({ id, latency: encodeIntoCompressedBase64(histogram) }));
    text = JSON.stringify({ users });
  });
  const totalMs = performance.now() - started;
  return { cpuMs: cpu / 1e6, totalMs, longestSliceMs: totalMs, bytes: gzipSync(text).length };
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

interface Contender {
  what: string;
  recorded: Recorded;
  close: () => Close;
  /** Bytes of the batch that are not its user series. */
  otherBytes: number;
}

function measured({ what, recorded, close, otherBytes }: Contender): Row {
  for (let warm = 0; warm < 3; warm++) close();
  const closes = Array.from({ length: ROUNDS }, close);
  return {
    what,
    latencies: recorded.shape ?? "lognormal",
    series: recorded.series,
    endpoints: recorded.endpoints,
    cpuMs: short(median(closes.map((each) => each.cpuMs))),
    totalMs: short(median(closes.map((each) => each.totalMs))),
    longestSliceMs: short(median(closes.map((each) => each.longestSliceMs))),
    bytesPerSeries: short((closes[0]!.bytes - otherBytes) / recorded.series),
    wholeBatchPerSeries: short(closes[0]!.bytes / recorded.series),
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
    const close = () => closeOurs(window);
    return measured({ what: "tailfill", recorded, close, otherBytes: bytesWithoutUsers(window) });
  });
  const recorded: Recorded = { series: 10_000, endpoints: 1 };
  const histograms = peerWindow(recorded);
  const close = () => closePeers(histograms);
  rows.push(measured({ what: "hdr-histogram-js + JSON", recorded, close, otherBytes: 0 }));
  return rows;
}
