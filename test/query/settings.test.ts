import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { losses, overview, services, storage } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { addRefusals } from "@/lib/store/losses";
import { ensurePartitions } from "@/lib/store/partitions";
import { snapshot } from "@/lib/store/snapshot";
import { batchOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

const NOW = Date.parse("2026-11-22T14:37:24Z");
const MINUTE = 60_000;
const at = (minutesAgo: number) => ({
  startMs: Math.floor((NOW - minutesAgo * MINUTE) / 10_000) * 10_000,
  seconds: 10,
});

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
  await store(database.db, batchOf({ window: at(90), losses: new Map([["user_cap", 2]]), release: "1" }));
  await store(
    database.db,
    batchOf({
      window: at(5),
      losses: new Map([
        ["user_cap", 3],
        ["buffer_full", 9],
      ]),
      release: "2",
    }),
  );
  await store(database.db, batchOf({ window: at(3), environment: "staging", losses: new Map([["user_cap", 1]]) }));
  await store(database.db, batchOf({ window: at(1), service: "forum" }));
  await new Folder(database.db).fold();
  await rollUp(database.db, NOW);
  await addRefusals(database.db, [{ atMs: NOW - MINUTE, code: "not_a_batch", count: 4 }]);
});
afterAll(() => database.drop());

test("services come with their environments, and when they were last heard of", async () => {
  expect(await services(database.db, NOW)).toEqual({
    services: [
      { name: "forum", environments: ["production"], lastSeenAt: "2026-11-22T14:36:30.000Z" },
      { name: "shop", environments: ["production", "staging"], lastSeenAt: "2026-11-22T14:34:30.000Z" },
    ],
  });
});

test("losses are told by service, environment and reason, and only those of the range", async () => {
  const answer = await losses(database.db, { from: "now-1h", to: "now" }, NOW);
  expect(answer.services).toEqual([
    {
      service: "shop",
      environment: "production",
      losses: [
        { reason: "buffer_full", count: 9, unit: "requests" },
        { reason: "user_cap", count: 3, unit: "requests" },
      ],
    },
    { service: "shop", environment: "staging", losses: [{ reason: "user_cap", count: 1, unit: "requests" }] },
  ]);
  expect(answer.losses).toEqual([
    { reason: "buffer_full", count: 9, unit: "requests" },
    { reason: "user_cap", count: 4, unit: "requests" },
  ]);
  expect(answer.refused).toEqual([{ code: "not_a_batch", count: 4 }]);
  const day = await losses(database.db, { from: "now-24h", to: "now", environment: "production" }, NOW);
  expect(day.losses).toContainEqual({ reason: "user_cap", count: 5, unit: "requests" });
  const before = await losses(database.db, { from: "now-10d", to: "now-9d" }, NOW);
  expect([before.services, before.nothing]).toEqual([[], "none_in_range"]);
});

test("what counts as entries is not called requests", async () => {
  const batch = batchOf({
    window: at(200),
    service: "broken",
    losses: new Map([
      ["unreadable", 2],
      ["rejected", 3],
    ]),
  });
  await store(database.db, batch);
  await new Folder(database.db).fold();
  const answer = await losses(database.db, { from: "now-24h", to: "now", service: "broken" }, NOW);
  expect(answer.losses).toEqual([
    { reason: "rejected", count: 3, unit: "requests" },
    { reason: "unreadable", count: 2, unit: "entries" },
  ]);
  expect(answer.services[0]!.losses).toEqual(answer.losses);
});

test("releases are marked where they were first seen", async () => {
  const question = { from: "now-2h", to: "now", percentiles: [50], service: "shop", environment: "production" };
  const { releases } = await overview(database.db, question, NOW);
  expect(releases).toEqual([
    { at: "2026-11-22T13:07:20.000Z", release: "1" },
    { at: "2026-11-22T14:32:20.000Z", release: "2" },
  ]);
});

test("an overview compares with the same length before, a day and a week before", async () => {
  const question = { from: "now-1h", to: "now", percentiles: [50], service: "shop", environment: "production" };
  const before = await overview(database.db, { ...question, compare: "before" }, NOW);
  expect([before.totals.count, before.before?.totals.count]).toEqual([1, 1]);
  expect(Date.parse(before.before!.range.to)).toBeLessThanOrEqual(Date.parse(before.range.from) + 20_000);
  expect(before.before!.series.stepSeconds).toBe(before.series.stepSeconds);
  for (const compare of ["day", "week"] as const)
    expect((await overview(database.db, { ...question, compare }, NOW)).before?.totals.count).toBe(0);
  expect((await overview(database.db, question, NOW)).before).toBeNull();
});

test("storage tells each table's room, its oldest window, and how long it is kept", async () => {
  const answer = await storage(database.db, NOW, tmpdir());
  const minutes = answer.tables.find(({ table }) => table === "endpoint_window_1m");
  expect(minutes).toMatchObject({ holds: "Endpoints by 1 min", keptSeconds: 14 * 86_400 });
  expect(answer.tables.find(({ table }) => table === "user_window_1m")).toMatchObject({
    keptSeconds: 6 * 3_600,
    removedSeconds: [3 * 86_400, 4 * 86_400],
  });
  expect([minutes!.oldest, minutes!.newest]).toEqual(["2026-11-22T13:07:00.000Z", "2026-11-22T13:08:00.000Z"]);
  const seconds = answer.tables.find(({ table }) => table === "endpoint_window_10s");
  expect([seconds!.oldest, seconds!.newest]).toEqual(["2026-11-22T11:17:20.000Z", "2026-11-22T14:36:30.000Z"]);
  expect(minutes!.nextDrop).toMatchObject({
    from: "2026-11-22T00:00:00.000Z",
    at: "2026-12-08T00:00:00.000Z", // 14 days and one more after its end
  });
  expect(minutes!.indexBytes).toBeGreaterThan(0);
  expect(minutes!.perDay!.measuredDays).toBeCloseTo(1.5 / 24, 2);
  const all = answer.tables.reduce((sum, { bytes }) => sum + bytes, answer.otherBytes);
  expect(all).toBe(answer.databaseBytes);
  expect(answer.future!.fullBytes).toBeGreaterThan(answer.databaseBytes);
  expect(minutes!.bytes).toBeGreaterThan(0);
  expect(answer.tables.find(({ table }) => table === "user_label")).toMatchObject({
    keptSeconds: 400 * 86_400,
    oldest: null,
  });
  expect(answer.tables.map(({ table }) => table)).not.toContain("api_key");
  expect(answer.databaseBytes).toBeGreaterThan(answer.tables.reduce((sum, { bytes }) => sum + bytes, 0) / 2);
  expect(answer.freeDiskBytes).toBeGreaterThan(0);
  expect((await storage(database.db, NOW, null)).freeDiskBytes).toBeNull();
});

test("a question that fails gives its connection back, and leaves nothing behind", async () => {
  for (let time = 0; time < 12; time++)
    await expect(snapshot(database.db, (one) => one.copy("SELECT 1/0"))).rejects.toThrow("division by zero");
  const many = Array.from({ length: 12 }, () => services(database.db, NOW));
  expect(new Set((await Promise.all(many)).map((answer) => JSON.stringify(answer))).size).toBe(1);
  const question = { from: "now-1h", to: "now", percentiles: [50] };
  const all = await Promise.all(Array.from({ length: 12 }, () => overview(database.db, question, NOW)));
  expect(new Set(all.map(({ totals }) => totals.count))).toEqual(new Set([3]));
});
