import { afterAll, beforeAll, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import { removeExpired } from "@/lib/rollup/retention";
import { rollUp } from "@/lib/rollup/roll-up";
import { ensurePartitions, PARTITIONED, partitionAt, partitionsNeeded } from "@/lib/store/partitions";
import { batchOf } from "../support/batches.ts";
import { FakeClock } from "../support/clock.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { requestCount, store, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const clock = new FakeClock(Date.parse("2026-11-22T10:05:00Z"));
const DAY = 86_400_000;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function partitionsOf(table: string): Promise<string[]> {
  const rows = await database.db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.relname = ${table} ORDER BY 1`;
  return rows.map(({ name }) => name);
}

const counts = async () => [
  await requestCount(database.db, 0),
  await requestCount(database.db, 1),
  await requestCount(database.db, 2),
];

test("a partition holds its day or month, in UTC", () => {
  const at = Date.parse("2028-02-29T23:59:59.999Z");
  expect(partitionAt({ table: "t", by: "day" }, at)).toEqual({
    name: "t_20280229",
    fromMs: Date.parse("2028-02-29"),
    toMs: Date.parse("2028-03-01"),
  });
  expect(partitionAt({ table: "t", by: "month" }, at)).toMatchObject({
    name: "t_202802",
    toMs: Date.parse("2028-03-01"),
  });
});

test("partitions are there for the latest and the earliest batch that ingest takes, without a gap", () => {
  for (const table of PARTITIONED)
    for (const now of ["2026-11-22T00:00:00Z", "2026-12-31T23:59:59Z", "2027-03-01T00:10:00Z"]) {
      const needed = partitionsNeeded(table, Date.parse(now));
      expect(needed[0]!.fromMs).toBeLessThanOrEqual(Date.parse(now) - 2 * DAY);
      expect(needed.at(-1)!.toMs).toBeGreaterThan(Date.parse(now) + 600_000);
      for (const [i, { fromMs }] of needed.slice(1).entries()) expect(fromMs).toBe(needed[i]!.toMs);
    }
});

test("making partitions twice, and twice at once, is no harm", async () => {
  await Promise.all([ensurePartitions(database.db, clock.now()), ensurePartitions(database.db, clock.now())]);
  const made = await partitionsOf("user_window_1m");
  await ensurePartitions(database.db, clock.now());
  expect(await partitionsOf("user_window_1m")).toEqual(made);
});

test("windows go tier by tier, and never before the next tier has them", async () => {
  const { db } = database;
  await ensurePartitions(db, clock.now());
  await store(db, batchOf({ losses: new Map([["user_cap", 1]]) }));
  await new Folder(db).fold();
  clock.advance(4 * DAY);
  await ensurePartitions(db, clock.now());
  await removeExpired(db, clock.now());
  expect(await partitionsOf("endpoint_window_10s")).toContain("endpoint_window_10s_20261122");
  expect(await counts()).toEqual([1, 1, 1]);
  await rollUp(db, clock.now());
  await removeExpired(db, clock.now());
  expect(await partitionsOf("endpoint_window_10s")).not.toContain("endpoint_window_10s_20261122");
  expect(await partitionsOf("user_window_1m")).not.toContain("user_window_1m_20261122");
  expect(await counts()).toEqual([0, 1, 1]);
  clock.advance(34 * DAY);
  await removeExpired(db, clock.now());
  expect(await counts()).toEqual([0, 0, 1]);
  expect((await userWindows(db, 1)).size).toBe(0);
  expect((await userWindows(db, 2)).size).toBe(1);
  expect([await database.db.userLabel.count(), await database.db.loss.count()]).toEqual([1, 1]);
  clock.advance(370 * DAY);
  await removeExpired(db, clock.now());
  expect([await database.db.userLabel.count(), await database.db.loss.count()]).toEqual([0, 0]);
  clock.advance(30 * DAY);
  await removeExpired(db, clock.now());
  expect([...(await counts()), (await userWindows(db, 2)).size]).toEqual([0, 0, 0, 0]);
});

test("what is made at start is not dropped by the next retention", async () => {
  await ensurePartitions(database.db, clock.now());
  await removeExpired(database.db, clock.now());
  const needed = PARTITIONED.find(({ table }) => table === "endpoint_window_10s")!;
  const names = new Set(await partitionsOf("endpoint_window_10s"));
  for (const { name } of partitionsNeeded(needed, clock.now())) expect(names).toContain(name);
});

test("partitions are dropped while others write to the same tables", async () => {
  const { db } = database;
  await ensurePartitions(db, clock.now());
  const folder = new Folder(db);
  for (let day = 0; day < 4; day++) {
    const startMs = clock.now();
    const writing = Array.from({ length: 5 }, async () => {
      await store(db, batchOf({ window: { startMs, seconds: 10 } }));
      await folder.fold();
      await rollUp(db, startMs + DAY);
    });
    await Promise.all([...writing, removeExpired(db, startMs)]);
    clock.advance(DAY);
    await ensurePartitions(db, clock.now());
  }
  expect(await requestCount(db, 2)).toBe(20);
});

test("a batch of 48 h ago still reaches every tier", async () => {
  const { db } = database;
  await ensurePartitions(db, clock.now());
  const startMs = clock.now() - 48 * 3_600_000;
  expect(await store(db, batchOf({ window: { startMs, seconds: 10 } }))).toBe("stored");
  await new Folder(db).fold();
  await removeExpired(db, clock.now());
  expect((await counts()).slice(1)).toEqual([21, 21]);
  await rollUp(db, clock.now());
  await removeExpired(db, clock.now());
  expect((await counts()).slice(1)).toEqual([21, 21]);
});

test("what prefill keeps goes when its time is over, and not before", async () => {
  const { db } = database;
  const nowMs = clock.now();
  const at = new Date(nowMs);
  await ensurePartitions(db, nowMs);
  await db.$executeRaw`TRUNCATE prefill_decision, prefill_forecast, prefill_candidate, prefill_incident, prefill_instance, prefill_profile, prefill_profile_state`;
  const id = "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11";
  await db.$executeRaw`INSERT INTO prefill_decision (scope_id, at, id) VALUES (1, ${at}, ${id}::uuid)`;
  await db.prefillForecast.create({ data: { scopeId: 1, at, mode: "fill", budgetSecondsPerHour: 1 } });
  await db.prefillCandidate.create({ data: { scopeId: 1, userKey: 1n, sinceAt: at, lastAt: at } });
  await db.prefillIncident.create({ data: { scopeId: 1, openedAt: at, kind: "harm", detail: {} } });
  await db.prefillInstance.create({ data: { scopeId: 1, instance: "web-1", seenAt: at } });
  await db.prefillProfileState.create({ data: { endpointId: 1, settledUpto: at, madeAt: at } });
  await db.prefillProfile.create({
    data: { endpointId: 1, layer: 0, keyLow: 1n, users: 1, payload: new Uint8Array(4) },
  });
  const kept = async () => [
    await db.prefillDecision.count(),
    await db.prefillForecast.count(),
    await db.prefillIncident.count(),
    await db.prefillInstance.count(),
    await db.prefillProfile.count(),
    await db.prefillCandidate.count(),
  ];
  await removeExpired(db, nowMs + 60_000);
  expect(await kept()).toEqual([1, 1, 1, 1, 1, 1]);
  await removeExpired(db, nowMs + 8 * DAY);
  expect((await kept()).at(-1)).toBe(1);
  await removeExpired(db, nowMs + 34 * DAY);
  expect(await kept()).toEqual([1, 1, 1, 0, 1, 0]);
  await removeExpired(db, nowMs + 38 * DAY);
  expect(await kept()).toEqual([0, 1, 1, 0, 0, 0]);
  await removeExpired(db, nowMs + 401 * DAY);
  expect(await kept()).toEqual([0, 0, 0, 0, 0, 0]);
});
