import { afterAll, beforeAll, expect, test } from "vitest";
import { overview, tailUsers } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { type Db, openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import type { Batch } from "@/lib/wire/index";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";
import { batchesOf } from "./support/oracle.ts";
import { traffic } from "./support/traffic.ts";

const NOW = Date.parse("2026-11-22T14:37:24.5Z");
const DAY_MS = 86_400_000;
const RANGE = { from: "now-24h", to: "now" };
const percentiles = [50, 99];

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

/** How many requests some points or rows stand for. */
const counted = (points: readonly { count: number }[]) => points.reduce((sum, { count }) => sum + count, 0);

test("an answer is of one moment while batches are folded and windows rolled up", async () => {
  const samples = traffic({ seed: 11, fromMs: NOW - DAY_MS, toMs: NOW, bursts: 160 }).map((sample) => ({
    ...sample,
    user: sample.user ?? "somebody", // so that users and their endpoint can be told to be of one moment
  }));
  const batches = batchesOf(samples);
  await arrive(batches.splice(0, 10));
  const { id } = await database.db.endpoint.findFirstOrThrow({ where: { route: "/r0", service: { name: "shop" } } });

  let running = true;
  const work = arriveBitByBit(batches).finally(() => (running = false));
  let last = 0;
  let moments = 0;
  while (running) {
    const all = await overview(database.db, { ...RANGE, percentiles, service: "shop" }, NOW);
    expect(counted(all.endpoints)).toBe(all.totals.count);
    expect(counted(all.series.points)).toBe(all.totals.count);
    const { users, other } = await tailUsers(database.db, { ...RANGE, tail: 95, limit: 1_000, id }, NOW);
    expect(other.count).toBe(0);
    expect(users.reduce((sum, { tailShare }) => sum + tailShare, 0)).toBeCloseTo(1, 9);
    // Nothing that was seen is gone again: a roll-up hides nothing.
    expect(all.totals.count).toBeGreaterThanOrEqual(last);
    if (all.totals.count > last) moments++;
    last = all.totals.count;
  }
  await work;
  expect(moments).toBeGreaterThan(3);
  const after = await overview(database.db, { ...RANGE, percentiles, service: "shop" }, NOW);
  expect(after.totals.count).toBe(samples.filter(({ service }) => service === "shop").length);
});

/** Stores and folds some batches, and rolls up what has settled (or, now and then, everything). */
async function arrive(batches: readonly Batch[], db: Db = database.db, rollAtMs = NOW): Promise<void> {
  for (const batch of batches) await store(db, batch);
  await new Folder(db).fold();
  await rollUp(db, rollAtMs);
}

async function arriveBitByBit(batches: Batch[]): Promise<void> {
  const other = openDb(database.url, 2);
  try {
    for (let turn = 0; batches.length > 0; turn++)
      await arrive(batches.splice(0, 4), other, NOW + (turn % 3 === 0 ? 2 * DAY_MS : 0));
  } finally {
    await other.$disconnect();
  }
}
