import { type BitBucketSize, build, type Histogram as HdrHistogram } from "hdr-histogram-js";
import { Histogram, Registry } from "prom-client";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import { collect, median, type Row, short } from "./rounds.ts";
import { latencies } from "./samples.ts";
import { userId } from "./windows.ts";

const SERIES = 10_000;
const ENDPOINTS = 50;
const ROUNDS = 3;

/** Memory of this process that garbage collection cannot free, in bytes. Array buffers are freed behind its back. */
async function used(): Promise<number> {
  for (let times = 0; times < 4; times++) {
    collect();
    await new Promise((resume) => setTimeout(resume, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** KiB per series that `fill` leaves in use. What it returns is kept alive until then. */
async function kibPerSeries(fill: () => unknown): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await used();
    kept = fill();
    costs.push(((await used()) - before) / 1024 / SERIES);
    kept = null;
  }
  return median(costs);
}

/** What is being measured; here, so that no optimiser may find out that nobody needs it. */
let kept: unknown = null;

function tailfill(samples: number): () => unknown {
  const values = latencies(SERIES * samples);
  return () => {
    const recorder = new Recorder();
    for (const [at, value] of values.entries()) {
      const series = at % SERIES;
      recorder.record("GET", `/shop/${series % ENDPOINTS}/items/:id`, "ok", value, userId(series));
    }
    return recorder;
  };
}

function hdr(bitBucketSize: BitBucketSize, autoResize: boolean, samples: number): () => unknown {
  const values = latencies(SERIES * samples);
  return () => {
    const histograms = new Map<string, HdrHistogram>();
    for (const [at, value] of values.entries()) {
      const id = userId(at % SERIES);
      let histogram = histograms.get(id);
      if (!histogram) {
        const highestTrackableValue = autoResize ? 2 : 3_600_000_000;
        histogram = build({ bitBucketSize, autoResize, highestTrackableValue, numberOfSignificantValueDigits: 2 });
        histograms.set(id, histogram);
      }
      histogram.recordValue(value);
    }
    return histograms;
  };
}

function promClient(samples: number): () => unknown {
  const values = latencies(SERIES * samples);
  return () => {
    const histogram = new Histogram({ name: "s", help: "-", labelNames: ["user"], registers: [new Registry()] });
    for (const [at, value] of values.entries()) histogram.observe({ user: userId(at % SERIES) }, value / 1e6);
    return histogram;
  };
}

export default async function bench(): Promise<Row[]> {
  const contenders: [string, number, () => unknown][] = [
    ["tailfill, by endpoint and user", 3, tailfill(3)],
    ["tailfill, by endpoint and user", 20, tailfill(20)],
    ["tailfill, by endpoint and user", 200, tailfill(200)],
    ["hdr-histogram-js, 2 digits, packed", 20, hdr("packed", true, 20)],
    ["hdr-histogram-js, 2 digits, 16 bits, growing", 20, hdr(16, true, 20)],
    ["hdr-histogram-js, 2 digits, 16 bits, fixed", 20, hdr(16, false, 20)],
    ["prom-client, default buckets", 20, promClient(20)],
  ];
  const rows: Row[] = [];
  for (const [what, samples, fill] of contenders) {
    rows.push({ what, samples, kibPerSeries: short(await kibPerSeries(fill), 2) });
  }
  return kept === null ? rows : [];
}
