import { rollUp } from "../lib/rollup/roll-up.ts";
import type { Db } from "../lib/store/db.ts";
import { packEndpoint } from "../lib/store/endpoint-pack.ts";
import { ensurePartitions, partitionAt } from "../lib/store/partitions.ts";
import { ENDPOINT_TIERS, type Tier, USER_TIERS } from "../lib/store/tiers.ts";
import { saveUserLabels } from "../lib/store/user-labels.ts";
import { highOf, lowOf, userKey } from "../lib/store/user-key.ts";
import { packUsers } from "../lib/store/user-pack.ts";
import { insertEndpointParts, insertUserParts, type UserPart } from "../lib/store/window-parts.ts";
import { bimodalTraffic, drawWindow, leastBytes, type Traffic, trafficOf } from "./disk-windows.ts";
import { benchDatabase } from "./query-database.ts";
import { type Row, short } from "./rounds.ts";
import { seeded } from "./samples.ts";

/** Endpoints of one kind: partitions and their indexes begin with some pages, which many endpoints share. */
const ENDPOINTS = 8;
const PER_SECOND = 10;
const USERS = 5_000;
const USER_ENDPOINTS = 5;
const ACTIVE_HOURS = 3;
const DAYS = 3;
/** Requests of an active user at each endpoint in an hour. */
const REQUESTS_AN_HOUR = 6;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A midnight: what is kept begins and ends with whole windows. */
const NOW = Math.floor(Date.UTC(2026, 11, 1) / DAY) * DAY;

/** Room on disk, heap, TOAST and indexes, of an endpoint with all its tiers full and of an active user's day. */
export default async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const traffic of [trafficOf("lognormal 0.5", 0.5), trafficOf("lognormal 0.8", 0.8), bimodalTraffic()])
    rows.push(...(await inDatabase((db) => endpointRows(db, traffic))));
  rows.push(...(await inDatabase(userRows)));
  return rows;
}

async function inDatabase(measure: (db: Db) => Promise<Row[]>): Promise<Row[]> {
  const { db, stop } = await benchDatabase();
  try {
    await makePartitions(db);
    return await measure(db);
  } finally {
    await stop();
  }
}

/** Those in which something will lie: more would slow every statement. */
async function makePartitions(db: Db): Promise<void> {
  await ensurePartitions(db, NOW);
  for (const { table, partitionBy: by, keptSeconds } of [...ENDPOINT_TIERS, ...USER_TIERS])
    for (let ms = NOW - keptSeconds * 1_000; ms < NOW; ms += DAY) {
      const { name, fromMs, toMs } = partitionAt({ table, by }, ms);
      const bounds = [fromMs, toMs].map((at) => `'${new Date(at).toISOString()}'`).join(") TO (");
      await db.$executeRawUnsafe(
        `CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${table}" FOR VALUES FROM (${bounds})`,
      );
    }
}

async function endpointRows(db: Db, traffic: Traffic): Promise<Row[]> {
  const empty = await sizesOf(db, ENDPOINT_TIERS);
  await fillHours(db, traffic);
  await fillMinutes(db, traffic);
  await fillSeconds(db, traffic);
  const full = await sizesOf(db, ENDPOINT_TIERS);
  const rows = ENDPOINT_TIERS.map(({ table, windowSeconds, keptSeconds }, place) => {
    const each = (full[place]! - empty[place]!) / ENDPOINTS;
    const least = (keptSeconds / windowSeconds) * leastBytes(traffic, PER_SECOND * windowSeconds);
    return { what: `${traffic.name}: ${table}`, bytes: each, least };
  });
  const sum = (key: "bytes" | "least") => rows.reduce((total, row) => total + row[key], 0);
  const whole = { what: `${traffic.name}: an endpoint, all tiers`, bytes: sum("bytes"), least: sum("least") };
  return [...rows, whole].map(({ what, bytes, least }, place) => ({
    what,
    "kB on disk": short(bytes / 1_000),
    "kB no code goes below": short(least / 1_000),
    "target kB": place === rows.length ? 8_000 : null,
  }));
}

const ids = Array.from({ length: ENDPOINTS }, (_, n) => n + 1);

/** One part for each stretch of `everyMs` in each span, as roll-up hands them on; rolled up when the span is over. */
async function fill(
  db: Db,
  traffic: Traffic,
  { tier, fromMs, toMs, everyMs }: { tier: Tier; fromMs: number; toMs: number; everyMs: number },
): Promise<void> {
  const [spanMs, windowMs] = [tier.spanSeconds * 1_000, tier.windowSeconds * 1_000];
  for (let atMs = fromMs; atMs < toMs; atMs += everyMs) {
    const startMs = Math.floor(atMs / spanMs) * spanMs;
    const parts = ids.map((endpointId) => {
      const windows = [];
      for (let at = atMs; at < atMs + everyMs; at += windowMs)
        for (const one of drawWindow(traffic, PER_SECOND * tier.windowSeconds))
          windows.push({ offset: (at - startMs) / windowMs, ...one });
      return { endpointId, startMs, rolled: false, payload: packEndpoint(windows) };
    });
    await insertEndpointParts(db, tier, parts);
    const nowMs = atMs + everyMs;
    if (everyMs < HOUR || nowMs % spanMs === 0) await settle(db, ENDPOINT_TIERS, nowMs);
  }
}

/** Rolls up as the worker does, and makes room for new rows where old ones were, as the database does by itself. */
async function settle(db: Db, tiers: readonly Tier[], nowMs: number): Promise<void> {
  await rollUp(db, nowMs + MINUTE);
  for (const { table, partitionBy: by } of tiers)
    if (nowMs % (by === "day" ? HOUR : DAY) === 0) await vacuum(db, partitionAt({ table, by }, nowMs - 1).name);
}

async function vacuum(db: Db, table: string): Promise<void> {
  const [found] = await db.$queryRaw<{ is: boolean }[]>`SELECT to_regclass(${table}) IS NOT NULL AS is`;
  if (found!.is) await db.$executeRawUnsafe(`VACUUM "${table}"`);
}

const [TEN_SECONDS, MINUTES, HOURS] = ENDPOINT_TIERS;
const ago = (tier: Tier): number => NOW - tier.keptSeconds * 1_000;

const fillHours = (db: Db, traffic: Traffic) =>
  fill(db, traffic, { tier: HOURS, fromMs: ago(HOURS), toMs: ago(MINUTES), everyMs: HOUR });
const fillMinutes = (db: Db, traffic: Traffic) =>
  fill(db, traffic, { tier: MINUTES, fromMs: ago(MINUTES), toMs: ago(TEN_SECONDS), everyMs: 10 * MINUTE });
/** Parts of 80 s: eight windows of a batch each, which is when roll-up takes them. */
const fillSeconds = (db: Db, traffic: Traffic) =>
  fill(db, traffic, { tier: TEN_SECONDS, fromMs: ago(TEN_SECONDS), toMs: NOW, everyMs: 10 * 10_000 });

/** A first day makes room that later ones use again: what counts is what each further day adds. Labels come once. */
async function userRows(db: Db): Promise<Row[]> {
  const tables = [...USER_TIERS.map(({ table }) => table), "user_label"];
  const users = drawUsers();
  const empty = await sizesOf(db, asTables(tables));
  await fillUsers(db, users, NOW - DAYS * DAY);
  const first = await sizesOf(db, asTables(tables));
  for (let dayMs = NOW - (DAYS - 1) * DAY; dayMs < NOW; dayMs += DAY) await fillUsers(db, users, dayMs);
  const full = await sizesOf(db, asTables(tables));
  const bytes = tables.map((table, place) =>
    table === "user_label"
      ? (full[place]! - empty[place]!) / USERS
      : (full[place]! - first[place]!) / USERS / (DAYS - 1),
  );
  const rows = tables.map((table, place) => ({ what: `a user-day: ${table}`, bytes: bytes[place]! }));
  const whole = { what: "an active user-day", bytes: bytes.reduce((sum, one) => sum + one, 0) };
  return [...rows, whole].map(({ what, bytes: each }, place) => ({
    what,
    "kB on disk": short(each / 1_000, 2),
    "kB no code goes below": null,
    "target kB": place === rows.length ? 4 : null,
  }));
}

const random = seeded(3);

interface BenchUser {
  key: bigint;
  label: string;
  /** The first of the hours of a day in which the user is there. */
  first: number;
}

function drawUsers(): BenchUser[] {
  return Array.from({ length: USERS }, (_, n) => {
    const label = `user-${n}@example.com`;
    return { label, key: userKey("shop", label), first: Math.floor(random() * (24 - ACTIVE_HOURS)) };
  }).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A day of users who are there in some hours each, minute by minute. */
async function fillUsers(db: Db, users: readonly BenchUser[], dayMs: number): Promise<void> {
  await saveUserLabels(
    db,
    users.map(({ key, label }) => ({ serviceId: 1, key, label, seenMs: dayMs })),
  );
  const traffic = trafficOf("users", 0.8);
  const one = Array.from({ length: 2_000 }, () => drawWindow({ ...traffic, parts: [single(traffic)] }, 1)).flat();
  for (let startMs = dayMs; startMs < dayMs + DAY; startMs += MINUTE) {
    const hour = Math.floor((startMs - dayMs) / HOUR);
    const there = users.filter(({ first }) => hour >= first && hour < first + ACTIVE_HOURS);
    await insertUserParts(db, USER_TIERS[0], minuteOf(there, startMs, one));
    if ((startMs + MINUTE) % (10 * MINUTE) === 0) await settle(db, USER_TIERS, startMs + MINUTE);
  }
}

const single = ({ parts }: Traffic) => ({ ...parts[0]!, share: 1 });

function minuteOf(
  users: readonly { key: bigint }[],
  startMs: number,
  one: readonly { payload: Uint8Array }[],
): UserPart[] {
  return Array.from({ length: USER_ENDPOINTS }, (_, endpoint) => {
    const series = users
      .filter(() => random() < REQUESTS_AN_HOUR / 60)
      .map(({ key }) => {
        const bytes = one[Math.floor(random() * one.length)]!.payload;
        return { high: highOf(key), low: lowOf(key), pieces: [{ kind: 0, bytes, start: 0, end: bytes.length }] };
      });
    return { endpointId: endpoint + 1, startMs, rolled: false, chunks: packUsers(series) };
  });
}

const asTables = (tables: readonly string[]) => tables.map((table) => ({ table }));

/** Bytes of tables with all their partitions. */
async function sizesOf(db: Db, tables: readonly { table: string }[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const { table } of tables) {
    const [row] = await db.$queryRaw<{ bytes: number }[]>`
      SELECT (pg_total_relation_size(${table}::regclass) + coalesce(sum(pg_total_relation_size(relid)), 0))::float8 AS bytes
      FROM pg_partition_tree(${table}::regclass)`;
    sizes.push(row!.bytes);
  }
  return sizes;
}
