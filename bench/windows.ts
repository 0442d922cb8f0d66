import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import type { RecordedWindow } from "@/lib/wire";
import { latencies, type shapes } from "./samples.ts";

/** What an instance recorded: user series of 20 samples each, spread over endpoints. */
export interface Recorded {
  series: number;
  endpoints: number;
  shape?: keyof typeof shapes;
}

export const SAMPLES = 20;

export const source = {
  batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
  service: "shop",
  environment: "production",
  instance: "web-1:4242:k3x9",
  window: { startMs: 1_795_341_600_000, seconds: 10 },
};

/** Ids as a database of 100,000 users gives them, in no order. */
export function userId(series: number): string {
  return `user-${(series * 7919) % 100_000}`;
}

export function recordWindow({ series, endpoints, shape }: Recorded): RecordedWindow {
  const recorder = new Recorder();
  const samples = latencies(series * SAMPLES, shape);
  for (const [at, latencyUs] of samples.entries()) {
    const each = at % series;
    recorder.record("GET", `/shop/${each % endpoints}/items/:id`, "ok", latencyUs, userId(each));
  }
  return recorder.swap();
}
