import { afterAll, beforeAll, expect, test } from "vitest";
import { endpoint, overview } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

const NOW = Date.now();
/** More than three groups of those that the overview reads at once, into memory that it uses again. */
const ENDPOINTS = 170;

/** So many, of so many buckets, that adding up pauses while the next group arrives. */
const WINDOWS = 60;
const wide = (n: number) => ({
  route: `/part-${n}`,
  outcomes: { ok: payloadOf(...Array.from({ length: 800 }, (_, at) => 1_000 * 1.01 ** at + n * 7)) },
});

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
  const end = Math.floor(NOW / 10_000) * 10_000;
  const endpoints = Array.from({ length: ENDPOINTS }, (_, n) => endpointOf({ ...wide(n), users: [] }));
  for (let n = 1; n <= WINDOWS; n++)
    await store(database.db, batchOf({ window: { startMs: end - n * 10_000, seconds: 10 }, endpoints }));
  await new Folder(database.db).fold();
});
afterAll(() => database.drop());

test("each of many endpoints has in the overview what it has by itself", async () => {
  const range = { from: "now-15m", to: "now", percentiles: [50, 99] };
  const { endpoints } = await overview(database.db, { service: "shop", environment: "production", ...range }, NOW);
  expect(endpoints.map(({ route }) => route).sort()).toEqual(
    Array.from({ length: ENDPOINTS }, (_, n) => `/part-${n}`).sort(),
  );
  for (const row of endpoints) {
    const alone = await endpoint(database.db, { id: row.id, ...range }, NOW);
    expect([row.count, row.percentiles, row.maxUs]).toEqual([
      alone.totals.count,
      alone.totals.percentiles,
      alone.totals.maxUs,
    ]);
  }
});
