import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { encodePayload, indexOf, newCounts } from "@/lib/histogram/index";
import { type Batch, encodeBatch } from "@/lib/wire/index";

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

/** One batch as an SDK sends it: dense and gzipped, with latencies spread as of real requests. */
export function loadBatch(random: () => number, startMs: number): LoadBatch {
  let requests = 0;
  const endpoints: Batch["endpoints"] = [];
  for (let endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
    const all = newCounts();
    const users = [];
    for (let series = 0; series < SERIES / ENDPOINTS; series++) {
      const own = newCounts();
      for (let sample = 0; sample < SAMPLES_A_SERIES; sample++) {
        const index = indexOf(Math.round(Math.exp(8 + 2.5 * (random() + random() - 1)) * 10));
        own[index]! += 1;
        all[index]! += 1;
        requests++;
      }
      users.push({ id: `user-${Math.floor(random() * USERS)}`, latency: encodePayload(own) });
    }
    endpoints.push({ method: "GET", route: `/endpoint/${endpoint}/:id`, outcomes: { ok: encodePayload(all) }, users });
  }
  const source = { batch: randomUUID(), service: "bench", environment: "production", instance: "web-1" };
  const batch: Batch = { ...source, window: { startMs, seconds: 10 }, endpoints, losses: new Map() };
  return { body: new Uint8Array(gzipSync(encodeBatch(batch))), requests };
}
