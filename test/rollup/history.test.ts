import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prefillRound } from "@/lib/prefill/round";
import { endpoint, endpoints, overview, tailUsers } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { foldHistory } from "@/lib/rollup/history";
import { rollUp } from "@/lib/rollup/roll-up";
import { storeChunk } from "@/lib/store/history";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { encodeBatch, packBatches } from "@/lib/wire/index";
import { makeRule, rounds } from "../alerts/database/support.ts";
import { bucketTop, exactPercentile, batchesOf, type Sample, seeded } from "../query/support/oracle.ts";
import { traffic } from "../query/support/traffic.ts";
import { batchOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-22T14:37:24.5Z");

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

/** Stores samples as chunks of history of some batches each. */
async function importAll(samples: readonly Sample[], perChunk: number): Promise<void> {
  const batches = batchesOf(samples).map(encodeBatch);
  for (let from = 0; from < batches.length; from += perChunk) {
    const [source, digest] = [randomBytes(32), randomBytes(32)];
    const payload = packBatches(batches.slice(from, from + perChunk));
    expect(await storeChunk(database.db, { source, fromDigest: null, digest, upto: from, payload })).toBe("stored");
  }
}

async function partsOf(table: string): Promise<number> {
  const [row] = await database.db.$queryRawUnsafe<{ most: number }[]>(
    `SELECT coalesce(max(parts), 0)::int AS most FROM
       (SELECT count(DISTINCT part) AS parts FROM "${table}" GROUP BY endpoint_id, start) p`,
  );
  return row!.most;
}

describe("history of 390 days beside what apps send", () => {
  let samples: Sample[];
  const live = traffic({ seed: 11, fromMs: NOW - 3 * HOUR, toMs: NOW, bursts: 30 });

  beforeAll(async () => {
    samples = [
      ...traffic({ seed: 12, fromMs: NOW - 390 * DAY, toMs: NOW - 20 * DAY, bursts: 120 }),
      ...traffic({ seed: 13, fromMs: NOW - 13 * DAY, toMs: NOW - 2 * DAY, bursts: 120 }),
      ...traffic({ seed: 14, fromMs: NOW - 20 * HOUR, toMs: NOW - HOUR, bursts: 120 }),
    ];
    for (const batch of batchesOf(live)) await store(database.db, batch);
    await importAll(samples, 9);
    await new Folder(database.db).fold();
    await foldHistory(database.db, NOW);
    await rollUp(database.db, NOW);
    samples.push(...live);
  });

  const random = seeded(3);
  const ranges = Array.from({ length: 24 }, () => {
    const toMs = NOW - Math.floor(random() ** 4 * 380 * DAY);
    return { fromMs: toMs - 10 ** (3.5 + random() * 3.5) * 1_000, toMs };
  });

  test.each(ranges)("is told exactly in every range ($fromMs to $toMs)", async ({ fromMs, toMs }) => {
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    const question = { service: "shop", environment: "production", from, to, percentiles: [50, 99] };
    const answer = await overview(database.db, question, NOW);
    const [start, end] = [Date.parse(answer.range.from), Date.parse(answer.range.to)];
    const truth = samples.filter(({ atMs, service }) => service === "shop" && atMs >= start && atMs < end);
    expect(answer.totals.count).toBe(truth.length);
    expect(answer.totals.percentiles["p99Us"] ?? null).toBe(bucketTop(exactPercentile(truth, 99)));
    for (const row of answer.endpoints) {
      const own = truth.filter(({ route }) => route === row.route);
      expect([row.count, row.percentiles["p50Us"]]).toEqual([own.length, bucketTop(exactPercentile(own, 50))]);
    }
  });

  test("has users who add up", async () => {
    const { endpoints: rows } = await endpoints(
      database.db,
      { service: "shop", environment: undefined, from: "now-390d", to: "now", percentiles: [50] },
      NOW,
    );
    for (const { id, route, count } of rows) {
      const { users, other } = await tailUsers(
        database.db,
        { id, from: "now-390d", to: "now", tail: 95, limit: 10 },
        NOW,
      );
      const own = samples.filter((one) => one.service === "shop" && one.route === route);
      expect(users.reduce((sum, one) => sum + one.count, other.count)).toBe(count);
      expect(count).toBe(own.length);
      const [first] = users;
      expect(first!.count).toBe(own.filter(({ user }) => user === first!.user).length);
    }
  });

  test("counts in no total, stays once through roll-ups, and has few parts", async () => {
    const [row] = await database.db.endpoint.findMany({ where: { route: "/r0", service: { name: "shop" } } });
    const count = async () =>
      (await endpoint(database.db, { id: row!.id, from: "now-390d", to: "now", percentiles: [50] }, NOW)).totals.count;
    const before = await count();
    await rollUp(database.db, NOW + 2 * DAY);
    await dropExpired(database.db, NOW);
    expect(await count()).toBe(before);
    for (const table of ["endpoint_window_1h", "endpoint_window_1m", "user_window_1d"])
      expect([table, (await partsOf(table)) <= 9]).toEqual([table, true]);
    const totals = await database.db.$queryRaw<{ payload: Uint8Array }[]>`
      SELECT payload FROM endpoint_total WHERE endpoint_id = ${row!.id}`;
    const { eachEndpointWindow } = await import("@/lib/store/endpoint-pack");
    const { addUsed, newCounts } = await import("@/lib/histogram/index");
    const used = { counts: newCounts(), low: 0, high: 0 };
    let counted = 0;
    for (const { payload } of totals)
      // oxlint-disable-next-line max-params -- see VisitEndpointWindow
      eachEndpointWindow(payload, (_, __, bytes, start, end) => (counted += addUsed(used, { bytes, start, end })));
    expect(counted).toBe(live.filter(({ service, route }) => service === "shop" && route === "/r0").length);
  });
});

test("a fold of history that is cut off leaves it waiting, and counts it once afterwards", async () => {
  const cut = await testDatabase();
  try {
    await ensurePartitions(cut.db, NOW);
    const batch = batchOf({ window: { startMs: NOW - 40 * DAY, seconds: 10 } });
    const payload = packBatches([encodeBatch(batch)]);
    const [source, digest] = [randomBytes(32), randomBytes(32)];
    await storeChunk(cut.db, { source, fromDigest: null, digest, upto: 1, payload });
    await cut.db.$executeRawUnsafe(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'cut off'; END $$`,
    );
    await cut.db.$executeRawUnsafe(
      `CREATE TRIGGER fails BEFORE DELETE ON import_chunk FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    await expect(foldHistory(cut.db, NOW)).rejects.toThrow("cut off");
    const question = { service: "shop", from: "now-60d", to: "now", percentiles: [50] };
    expect((await endpoints(cut.db, question, NOW)).endpoints).toEqual([]);
    await cut.db.$executeRawUnsafe("DROP TRIGGER fails ON import_chunk");
    expect(await foldHistory(cut.db, NOW)).toBe(1);
    expect((await endpoints(cut.db, question, NOW)).endpoints.map(({ count }) => count)).toEqual([1]);
  } finally {
    await cut.drop();
  }
});

test("what has expired since it was accepted, and what cannot be read, stops nothing", async () => {
  const old = packBatches([
    encodeBatch(batchOf({ service: "gone", window: { startMs: NOW - 500 * DAY, seconds: 10 } })),
  ]);
  for (const payload of [old, new Uint8Array([5, 1, 2]), new Uint8Array([3, 1, 2, 3])])
    await storeChunk(database.db, {
      source: randomBytes(32),
      fromDigest: null,
      digest: randomBytes(32),
      upto: 1,
      payload,
    });
  expect(await foldHistory(database.db, NOW)).toBe(3);
  expect(await database.db.importChunk.count()).toBe(0);
});

describe("history is no news", () => {
  const feed = (seconds: number, us: number): Sample[] =>
    Array.from({ length: 400 }, (_, n) => ({
      atMs: NOW - seconds * 1_000 + n,
      service: "shop",
      route: "/feed",
      user: `u${n % 7}`,
      outcome: n % 3 === 0 ? "server_error" : "ok",
      latencyUs: us,
    }));

  test("alerts do not fire for it, whatever they look at, and fire for what comes live", async () => {
    const own = await testDatabase();
    try {
      await ensurePartitions(own.db, NOW);
      const none = { percentile: undefined, thresholdUs: undefined, minCount: undefined };
      await makeRule(own.db, { name: "slow day", windowSeconds: 86_400 });
      const errors = { ...none, kind: "error_rate", thresholdShare: 0.1, windowSeconds: 86_400 };
      await makeRule(own.db, { ...errors, name: "errors" });
      await makeRule(own.db, { ...none, name: "silent", kind: "silence", endpoint: undefined, endpoints: "GET *" });
      const traffic = {
        ...none,
        kind: "traffic",
        direction: "drop",
        changeShare: 0.5,
        minCount: 100,
        windowSeconds: 3_600,
      };
      await makeRule(own.db, { ...traffic, name: "less than a week ago" });
      const batches = [...feed(7_000, 4e6), ...feed(7 * 86_400 + 1_000, 4e6), ...feed(40_000, 4e6)];
      const payload = packBatches(batchesOf(batches).map(encodeBatch));
      await storeChunk(own.db, {
        source: randomBytes(32),
        fromDigest: null,
        digest: randomBytes(32),
        upto: 1,
        payload,
      });
      await foldHistory(own.db, NOW);
      await rounds(own.db, NOW, NOW + 40_000);
      expect(await own.db.alertIncident.count()).toBe(0);
      const later = NOW + 2 * DAY;
      await ensurePartitions(own.db, later);
      for (let n = 0; n < 30; n++) {
        const window = { startMs: later - n * 10_000, seconds: 10 };
        await store(own.db, { ...batchesOf(feed(0, 4e6))[0]!, window, batch: crypto.randomUUID() });
      }
      await new Folder(own.db).fold();
      await rounds(own.db, later + 30_000, later + 50_000);
      expect(await own.db.alertIncident.count()).toBeGreaterThan(0);
    } finally {
      await own.drop();
    }
  });

  test("nobody is filled for it: without an app that asks, no plan has anybody to fill", async () => {
    await prefillRound(database.db, { nowMs: () => NOW, stop: () => false });
    for (const { plan } of await database.db.prefillPlan.findMany()) {
      const text = plan[0] === 0x1f ? gunzipSync(plan) : Buffer.from(plan);
      expect((JSON.parse(text.toString()) as { definitions: unknown[] }).definitions).toEqual([]);
    }
  });
});
