import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COUNTS_LENGTH, encodePayload, indexOf, newCounts, type Payload } from "../lib/histogram/index.ts";
import { rollUp } from "../lib/rollup/roll-up.ts";
import { type Db, openDb } from "../lib/store/db.ts";
import { prepareEmbedded } from "../lib/store/embedded.ts";
import { packKeptEndpoint } from "../lib/store/endpoint-pack.ts";
import { migrate } from "../lib/store/migrate.ts";
import { ensurePartitions } from "../lib/store/partitions.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../lib/store/tiers.ts";
import { highOf, lowOf, userKey } from "../lib/store/user-key.ts";
import { packUsers } from "../lib/store/user-pack.ts";
import { type EndpointPart, insertEndpointParts, insertUserParts } from "../lib/store/window-parts.ts";
import { seeded } from "./samples.ts";

/** A PostgreSQL of this bench's own, with the settings of `npm start` but for the disk; migrated and empty. */
export async function emptyBenchDatabase(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), `tailfill-bench-${randomBytes(3).toString("hex")}-`));
  const embedded = await prepareEmbedded(folder, { fsync: "off", synchronous_commit: "off" });
  const server = await embedded.start();
  await migrate(embedded.url);
  const stop = async () => {
    await server.stop();
    embedded.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: embedded.url, stop };
}

/** The same, with a pool that is open. */
export async function benchDatabase(): Promise<{ db: Db; stop: () => Promise<void> }> {
  const database = await emptyBenchDatabase();
  const db = openDb(database.url);
  const stop = async () => {
    await db.$disconnect();
    await database.stop();
  };
  return { db, stop };
}

export const ENDPOINTS = 200;
/** Endpoints whose hours reach back 30 days; the others' reach back two. */
const LONG_LIVED = 20;
export const USERS = 10_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const random = seeded(1);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const latency = (typicalUs: number) => Math.max(1, Math.min(3.6e9, Math.round(typicalUs * Math.exp(0.8 * gauss()))));

const scratch = newCounts();
function payloadOf(samples: number, typicalUs: number): Payload {
  scratch.fill(0);
  for (let n = 0; n < samples; n++) scratch[indexOf(latency(typicalUs))]! += 1;
  return encodePayload(scratch);
}

/** A distribution to draw whole windows from: drawing each of hundreds of millions of samples would take hours. */
function distribution(typicalUs: number): Float64Array {
  const counts = newCounts();
  for (let n = 0; n < 20_000; n++) counts[indexOf(latency(typicalUs))]! += 1;
  return counts;
}

/** Windows that differ, of each width and outcome: drawing every window of a month anew would take minutes. */
const VARIANTS = 8;

/** Draws windows of a distribution, from a small stock for each size. */
class Stock {
  private readonly bySize = new Map<number, Payload[]>();

  constructor(private readonly shape: Float64Array) {}

  take(samples: number): Payload {
    const stock = this.bySize.get(samples) ?? Array.from({ length: VARIANTS }, () => drawn(this.shape, samples));
    this.bySize.set(samples, stock);
    return stock[Math.floor(random() * VARIANTS)]!;
  }
}

/** About `samples` samples of a distribution. */
function drawn(from: Float64Array, samples: number): Payload {
  const share = samples / 20_000;
  scratch.fill(0);
  for (let index = 0; index < COUNTS_LENGTH; index++) {
    const expected = from[index]! * share;
    if (expected > 0) scratch[index] = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
  }
  return encodePayload(scratch);
}

interface Made {
  id: number;
  perSecond: number;
  stock: Stock;
}

/** A service to be made: how often its endpoints are asked, and how far back each tier of one reaches, milliseconds. */
export interface ServicePlan {
  endpoints: number;
  perSecondOf: (endpoint: number) => number;
  /** Of -1: the row that stands for all. */
  reachOf: (endpoint: number) => readonly [number, number, number];
}

/**
 * 200 endpoints with about 1,000 requests a second together: windows of 10 s for two hours, of a minute for 25 hours, of an hour
 * for two days (20 endpoints: 31 days).
 */
const USUAL: ServicePlan = {
  endpoints: ENDPOINTS,
  perSecondOf: (n) => (n % 10 === 0 ? 25 : 3),
  reachOf: (n) => [2 * HOUR, 25 * HOUR, (n < LONG_LIVED ? 31 : 2) * DAY],
};

/**
 * 1,000 endpoints over a month, as many services have them: some are asked often, most seldom, 1,000 requests a second together. What a
 * question of 30 days does not read of the finer tiers is left out.
 */
export const WIDE: ServicePlan = {
  endpoints: 1_000,
  perSecondOf: (n) => 134 / (n + 1),
  reachOf: () => [HOUR, 2 * HOUR, 31 * DAY],
};

/** A service as folds and roll-ups would have left it at `nowMs`. */
export async function makeEndpoints(db: Db, nowMs: number, plan = USUAL): Promise<number[]> {
  await partitions(db, nowMs);
  const service = await db.service.create({ data: { name: "shop" } });
  const common = { serviceId: service.id, environment: "production", method: "GET" };
  const routes = Array.from({ length: plan.endpoints }, (_, n) => ({ ...common, route: `/part-${n}/:id` }));
  const total = await db.endpoint.create({ data: { ...common, method: "", route: "", total: true } });
  const rows = await db.endpoint.createManyAndReturn({ data: routes, select: { id: true } });
  const all = [{ id: total.id, perSecond: 1_000, stock: new Stock(distribution(20_000)) }];
  for (const [n, { id }] of rows.entries())
    all.push({ id, perSecond: plan.perSecondOf(n), stock: new Stock(distribution(2_000 + 700 * (n % 200))) });
  for (const [n, made] of all.entries()) await makeTiers(db, made, { nowMs, reach: plan.reachOf(n - 1) });
  await db.$executeRaw`ANALYZE`;
  return rows.map(({ id }) => id);
}

/** Partitions for a month back: the server makes them as time goes by. */
async function partitions(db: Db, nowMs: number): Promise<void> {
  for (let ms = nowMs - 32 * DAY; ms <= nowMs; ms += DAY) await ensurePartitions(db, ms);
}

async function makeTiers(
  db: Db,
  made: Made,
  { nowMs, reach }: { nowMs: number; reach: readonly [number, number, number] },
): Promise<void> {
  for (const [place, tier] of ENDPOINT_TIERS.entries()) {
    const span = tier.spanSeconds * 1_000;
    const parts: EndpointPart[] = [];
    const first = Math.floor((nowMs - reach[place]!) / span) * span;
    for (let startMs = first; startMs < nowMs; startMs += span)
      parts.push({ endpointId: made.id, startMs, rolled: true, payload: spanOf(made, { place, startMs, nowMs }) });
    await insertEndpointParts(db, tier, parts);
  }
}

function spanOf(
  { perSecond, stock }: Made,
  { place, startMs, nowMs }: { place: number; startMs: number; nowMs: number },
) {
  const { windowSeconds, spanSeconds } = ENDPOINT_TIERS[place]!;
  const windows = [];
  for (let offset = 0; offset < spanSeconds / windowSeconds; offset++) {
    if (startMs + offset * windowSeconds * 1_000 >= nowMs) break;
    const samples = Math.max(1, Math.round(perSecond * windowSeconds));
    windows.push({ offset, outcome: 0, payload: stock.take(samples) });
    windows.push({ offset, outcome: 1, payload: stock.take(samples * 0.02) });
    windows.push({ offset, outcome: 3, payload: stock.take(samples * 0.005) });
  }
  return packKeptEndpoint(windows.filter(({ payload }) => payload.length > 0));
}

/**
 * 10,000 users of one endpoint, each there in every hour of the last 25, with one to six requests of which each user
 * has some in the tail; and a thousand of them in each minute of the last hour. Of more users, each hour has others: as many as a
 * window keeps.
 */
export async function makeUsers(db: Db, endpointId: number, nowMs: number, users = USERS): Promise<void> {
  const keys = Array.from({ length: users }, (_, n) => userKey("shop", `user-${n}`)).sort((a, b) => (a < b ? -1 : 1));
  await db.$executeRaw`
    INSERT INTO user_label (service_id, user_key, label, seen_on)
    SELECT s.id, k, 'user ' || k, now() FROM service s, unnest(${keys}::bigint[]) k`;
  const hour = Math.floor(nowMs / HOUR) * HOUR;
  for (let startMs = hour - 25 * HOUR; startMs < hour; startMs += HOUR)
    await insertUserParts(db, USER_TIERS[1], [
      { endpointId, startMs, rolled: true, chunks: chunksOf(someOf(keys, USERS), BY_HOUR) },
    ]);
  for (let startMs = hour; startMs < nowMs; startMs += MINUTE)
    await insertUserParts(db, USER_TIERS[0], [
      {
        endpointId,
        startMs,
        rolled: true,
        chunks: chunksOf(someOf(keys, USERS / 10), BY_MINUTE),
      },
    ]);
  await rollUp(db, nowMs);
  await db.$executeRaw`ANALYZE`;
}

/** About so many of the keys, in their order; all when there are no more. */
const someOf = (keys: readonly bigint[], count: number): bigint[] =>
  keys.filter(() => keys.length <= count || random() < count / keys.length).slice(0, count);

/** Windows of one user: a thousand that differ. */
const userStock = (mostSamples: number): Payload[] =>
  Array.from({ length: 1_000 }, () => payloadOf(1 + Math.floor(random() * mostSamples), 20_000));
const BY_HOUR = userStock(6);
const BY_MINUTE = userStock(2);

function chunksOf(keys: readonly bigint[], stock: readonly Payload[]) {
  return packUsers(
    keys.map((key) => {
      const bytes = stock[Math.floor(random() * stock.length)]!;
      return { high: highOf(key), low: lowOf(key), pieces: [{ kind: 0, bytes, start: 0, end: bytes.length }] };
    }),
  );
}
