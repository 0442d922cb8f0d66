import { randomUUID } from "node:crypto";
import { encodePayload, HIGHEST_US, indexOf, newCounts } from "@/lib/histogram/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import type { Db } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import type { Batch, EndpointSeries, Outcome } from "@/lib/wire/index";
import { store } from "./stored.ts";

/** A service as it might be, drawn from a fixed seed: the same times give the same samples. */
export interface SeedWish {
  /** The end of what is sent, Unix ms. */
  nowMs: number;
  /** How far back every window of 10 s is sent, and how far back one window a minute is. */
  denseMinutes: number;
  sparseMinutes?: number;
  /** More endpoints than the ten that are always there. */
  moreEndpoints?: number;
  service?: string;
  environment?: string;
}

interface Kind {
  method: string;
  route: string;
  /** Requests a second, typical latency in µs, its spread, and how much a heavy user adds. */
  rate: number;
  typicalUs: number;
  spread: number;
  weight: number;
  errors: number;
}

const KINDS: readonly Kind[] = [
  kind("GET /users/:id/comments", { rate: 1.7, typicalUs: 31e3, spread: 0.75, weight: 26, errors: 0.002 }),
  kind("GET /feed", { rate: 3.9, typicalUs: 54e3, spread: 0.6, weight: 9, errors: 0.001 }),
  kind("POST /reports", { rate: 0.05, typicalUs: 610e3, spread: 0.55, weight: 2, errors: 0.019 }),
  kind("GET /threads/:id", { rate: 5.7, typicalUs: 18e3, spread: 0.7, weight: 7, errors: 0 }),
  kind("GET /search", { rate: 2.1, typicalUs: 44e3, spread: 0.6, weight: 3, errors: 0.003 }),
  kind("GET /admin/users", { rate: 0.02, typicalUs: 210e3, spread: 0.6, weight: 3, errors: 0 }),
  kind("GET /cart", { rate: 3.1, typicalUs: 9e3, spread: 0.6, weight: 2, errors: 0 }),
  kind("PUT /profile", { rate: 0.8, typicalUs: 12e3, spread: 0.5, weight: 3, errors: 0.001 }),
  kind("GET /health", { rate: 6, typicalUs: 640, spread: 0.3, weight: 0, errors: 0 }),
  kind("GET (unmatched)", { rate: 0.04, typicalUs: 900, spread: 0.4, weight: 0, errors: 0 }),
];

function kind(name: string, rest: Omit<Kind, "method" | "route">): Kind {
  const [method = "GET", route = "/"] = name.split(" ");
  return { method, route, ...rest };
}

/** mulberry32: small, fast, the same everywhere. */
export function random(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Stores, folds and rolls up what such a service would have sent. Returns the number of requests. */
export async function seed(db: Db, wish: SeedWish): Promise<number> {
  await ensurePartitions(db, wish.nowMs);
  const end = Math.floor(wish.nowMs / 10_000) * 10_000;
  const dense = end - wish.denseMinutes * 60_000;
  const starts: number[] = [];
  for (let at = dense - (wish.sparseMinutes ?? 0) * 60_000; at < dense; at += 60_000) starts.push(at);
  for (let at = dense; at < end; at += 10_000) starts.push(at);
  const kinds = [...KINDS, ...moreKinds(wish.moreEndpoints ?? 0)];
  let requests = 0;
  for (const startMs of starts) {
    if (isGap(startMs, wish)) continue;
    const batch = batchAt(startMs, { kinds, wish });
    requests += batch.requests;
    await store(db, batch.batch);
  }
  await new Folder(db).fold();
  await rollUp(db, wish.nowMs);
  return requests;
}

/** Two and a half minutes without the app, in the middle of the first dense half. */
function isGap(atMs: number, { nowMs, denseMinutes }: SeedWish): boolean {
  const part = (nowMs - atMs) / (denseMinutes * 60_000);
  return denseMinutes >= 30 && part > 0.62 && part < 0.66;
}

function moreKinds(count: number): Kind[] {
  return Array.from({ length: count }, (_, i) =>
    kind(`${i % 4 ? "GET" : "POST"} /api/part-${i % 40}/thing-${i}/:id`, {
      rate: 0.02 + (i % 13) / 400, // each is there, and all together cost little to make
      typicalUs: 2_000 + (i % 97) * 900,
      spread: 0.6,
      weight: i % 9,
      errors: i % 50 === 0 ? 0.03 : 0.001,
    }),
  );
}

function batchAt(startMs: number, { kinds, wish }: { kinds: readonly Kind[]; wish: SeedWish }) {
  const next = random(Math.floor(startMs / 10_000));
  const part = (wish.nowMs - startMs) / (wish.denseMinutes * 60_000);
  const slow = part > 0.18 && part < 0.42 ? 1 + 0.9 * Math.sin(((part - 0.18) / 0.24) * Math.PI) : 1;
  let requests = 0;
  const endpoints = kinds.map((k) => {
    const made = endpointAt(k, { next, slow });
    requests += made.requests;
    return made.series;
  });
  const batch: Batch = {
    batch: randomUUID(),
    service: wish.service ?? "shop",
    environment: wish.environment ?? "production",
    instance: "web-1:4242",
    release: part > 0.44 ? "1.7.2" : "1.8.0",
    window: { startMs, seconds: 10 },
    endpoints: endpoints.filter((e) => Object.keys(e.outcomes).length > 0),
    losses: new Map(part > 0.6 && part < 0.62 ? [["buffer_full", 41]] : []),
  };
  return { batch, requests };
}

function endpointAt(k: Kind, { next, slow }: { next: () => number; slow: number }) {
  const outcomes = new Map<Outcome, ReturnType<typeof newCounts>>();
  const users = new Map<string, ReturnType<typeof newCounts>>();
  const requests = poisson(k.rate * 10, next);
  for (let i = 0; i < requests; i += 1) {
    const user = userOf(next);
    const latencyUs = latencyOf(k, { user, next, slow });
    const outcome = outcomeOf(k, { latencyUs, next });
    add(outcomes, outcome, latencyUs);
    if (k.weight > 0) add(users, `u_${user}`, latencyUs);
  }
  const series: EndpointSeries = {
    method: k.method,
    route: k.route,
    outcomes: Object.fromEntries([...outcomes].map(([name, counts]) => [name, encodePayload(counts)])),
    users: [...users].map(([id, counts]) => ({ id, latency: encodePayload(counts) })),
  };
  return { series, requests };
}

function add<K>(map: Map<K, ReturnType<typeof newCounts>>, key: K, latencyUs: number): void {
  const counts = map.get(key) ?? newCounts();
  counts[indexOf(latencyUs)]! += 1;
  map.set(key, counts);
}

const USERS = 900;
/** Few users come often, many seldom: by Zipf. */
const userOf = (next: () => number) => Math.min(USERS, Math.floor(USERS ** next() * 1.02));

/** The first users have by far the most data. */
function latencyOf(k: Kind, { user, next, slow }: { user: number; next: () => number; slow: number }): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const heavy = user <= 7 && k.weight > 0 && next() < 0.4 ? (k.weight * slow * 1.5) / Math.sqrt(user) : 1;
  // Now and then a request is slow for anybody: a lock, a cold cache.
  const slower = next() < 0.02 ? 4 + 12 * next() : 1;
  const latencyUs = k.typicalUs * Math.exp(k.spread * normal) * Math.max(1, heavy) * slower;
  return Math.min(HIGHEST_US, Math.max(1, Math.round(latencyUs)));
}

function outcomeOf(k: Kind, { latencyUs, next }: { latencyUs: number; next: () => number }): Outcome {
  if (latencyUs > 1_500_000 && next() < 0.3) return "aborted";
  const draw = next();
  if (draw < k.errors) return "server_error";
  return k.route === "(unmatched)" || draw > 0.989 ? "client_error" : "ok";
}

function poisson(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count += 1;
  return count;
}
