import { afterAll, beforeAll, expect, test } from "vitest";
import { endpoints, overview } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { openDb } from "@/lib/store/db";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";
import { batchesOf, type Sample } from "./support/oracle.ts";
import { live, traffic } from "./support/traffic.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-22T14:37:24.5Z");
const percentiles = [50, 99];

let database: TestDatabase;
const samples = traffic({ seed: 21, fromMs: NOW - 3 * DAY_MS, toMs: NOW, bursts: 300 });
/** They come when everything else was asked for: into hours that were over long ago. */
const late: Sample[] = samples.splice(-400);

beforeAll(async () => {
  database = await testDatabase();
  await live(database.db, samples, { seed: 5 });
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

const QUESTIONS = ["24h", "48h", "3d"].map((length) => ({
  from: `now-${length}`,
  to: "now",
  service: "shop",
  environment: "production",
  percentiles,
  compare: "day" as const,
}));

/** All answers, without how long they took. */
async function answers(db: TestDatabase["db"]): Promise<unknown[]> {
  const all = [];
  for (const question of QUESTIONS) {
    all.push({ ...(await overview(db, question, NOW)), tookMs: 0 });
    all.push({ ...(await endpoints(db, question, NOW)), tookMs: 0 });
  }
  return all;
}

/** Answers of somebody who has kept nothing. */
async function answersAnew(): Promise<unknown[]> {
  const db = openDb(database.url, 2);
  try {
    return await answers(db);
  } finally {
    await db.$disconnect();
  }
}

async function arriveLate(some: readonly Sample[]): Promise<void> {
  for (const batch of batchesOf(some)) await store(database.db, batch);
  await new Folder(database.db).fold();
}

test.each([
  ["nothing happens", () => Promise.resolve()],
  ["late batches arrive", () => arriveLate(late.slice(0, 200))],
  ["they are rolled up", async () => void (await rollUp(database.db, NOW))],
  [
    "more come, and everything is rolled up",
    async () => {
      await arriveLate(late.slice(200));
      await rollUp(database.db, NOW + 2 * DAY_MS);
    },
  ],
  ["what is old expires", async () => void (await dropExpired(database.db, NOW + 13 * DAY_MS))],
])("who asked before and who asks anew are told the same after %s", async (_, change) => {
  await answers(database.db);
  await change();
  expect(await answers(database.db)).toEqual(await answersAnew());
});
