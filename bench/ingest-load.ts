import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import { encodeBatchInSlices } from "@/lib/wire/index";

/** The load of the bench: batches of 50 endpoints and 2,000 user series, of 100,000 users. */
export const ENDPOINTS = 50;
export const SERIES = 2_000;
export const USERS = 100_000;
const SAMPLES_A_SERIES = 5;

/** Repeatable numbers in 0…1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface LoadBatch {
  body: Uint8Array<ArrayBuffer>;
  requests: number;
}

/** One batch as the SDK records, encodes and compresses it. */
export function loadBatch(random: () => number, startMs: number): LoadBatch {
  const recorder = new Recorder();
  for (let series = 0; series < SERIES; series++) {
    const route = `/endpoint/${series % ENDPOINTS}/:id`;
    const user = `user-${Math.floor(random() * USERS)}`;
    for (let sample = 0; sample < SAMPLES_A_SERIES; sample++)
      recorder.record("GET", route, "ok", Math.round(Math.exp(8 + 2.5 * (random() + random() - 1)) * 10), user);
  }
  const window = recorder.swap();
  const source = { batch: randomUUID(), service: "bench", environment: "production", instance: "web-1" };
  const encoding = encodeBatchInSlices(window, { ...source, window: { startMs, seconds: 10 } });
  let step = encoding.next();
  while (!step.done) step = encoding.next();
  return { body: new Uint8Array(gzipSync(step.value)), requests: window.samples };
}
