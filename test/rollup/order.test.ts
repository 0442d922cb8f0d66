import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPayload, encodePayload, newCounts } from "@/lib/histogram/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { ensurePartitions } from "@/lib/store/partitions";
import { ENDPOINT_TIERS, USER_TIERS } from "@/lib/store/tiers";
import { type Batch, OUTCOMES } from "@/lib/wire/index";
import { batchOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { endpointWindows, store, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const NOW = Date.parse("2026-11-22T10:05:00Z");

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

const latencies = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 3 });
const series = fc.record({
  route: fc.constantFrom("/a", "/b"),
  outcome: fc.constantFrom(...OUTCOMES),
  user: fc.constantFrom("1", "2", "3"),
  latencies,
});
/** Now, a little ago, or up to 48 h late. */
const age = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 7_200 }),
  fc.integer({ min: 0, max: 172_000 }),
);
const batch = fc.record({ age, series: fc.array(series, { minLength: 1, maxLength: 4 }) }).map(({ age, series }) =>
  batchOf({
    window: { startMs: Math.floor((NOW - age * 1000) / 10_000) * 10_000, seconds: 10 },
    endpoints: series.map(({ route, outcome, user, latencies }) => ({
      method: "GET",
      route,
      outcomes: { [outcome]: payloadOf(...latencies) },
      users: [{ id: user, latency: payloadOf(...latencies), hit: payloadOf(latencies[0]!) }],
    })),
  }),
);
const step = fc.oneof(
  { weight: 5, arbitrary: batch.map((b) => ({ batch: b })) },
  { weight: 2, arbitrary: fc.constant("fold" as const) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 * 86_400 }).map((later) => ({ rollUpLater: later })) },
);

/** The oracle: every sample put where it belongs, by plain addition. */
function expected(batches: readonly Batch[], widthSeconds: number, what: "endpoints" | "users"): Map<string, string> {
  const sums = new Map<string, ReturnType<typeof newCounts>>();
  const add = (key: string, payload: Uint8Array) => {
    const counts = sums.get(key) ?? newCounts();
    addPayload(counts, payload);
    sums.set(key, counts);
  };
  for (const { window, endpoints } of batches) {
    const wide = widthSeconds * 1000;
    const at = new Date(Math.floor(window.startMs / wide) * wide).toISOString().replace(".000", "");
    for (const { method, route, outcomes, users } of endpoints) {
      const name = `shop production ${method} ${route} | ${at}`;
      if (what === "users")
        for (const { id, latency, hit } of users) {
          add(`${name} | ${id} | latency`, latency);
          add(`${name} | ${id} | hit`, hit!);
        }
      else
        for (const [outcome, payload] of Object.entries(outcomes)) {
          add(`${name} | ${outcome}`, payload);
          add(`shop production total | ${at} | ${outcome}`, payload);
        }
    }
  }
  return new Map(
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, c]) => [k, Buffer.from(encodePayload(c)).toString("hex")]),
  );
}

async function expectAllTiers(batches: readonly Batch[]): Promise<void> {
  for (const [tier, { windowSeconds }] of ENDPOINT_TIERS.entries())
    expect(await endpointWindows(database.db, tier)).toEqual(expected(batches, windowSeconds, "endpoints"));
  for (const [tier, { windowSeconds }] of USER_TIERS.entries())
    expect(await userWindows(database.db, tier)).toEqual(expected(batches, windowSeconds, "users"));
}

test("whatever the order of arriving, folding and rolling up, every tier is bit-equal to the plain sum", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const { db } = database;
      await db.$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, endpoint_window_1m, endpoint_window_1h,
        user_window_1m, user_window_1h, user_window_1d, user_label, service CASCADE`;
      const folder = new Folder(db);
      const folded: Batch[] = [];
      let waiting: Batch[] = [];
      for (const one of steps) {
        if (one === "fold") {
          await folder.fold();
          folded.push(...waiting.splice(0));
        } else if ("batch" in one) {
          await store(db, one.batch);
          waiting.push(one.batch);
        } else await rollUp(db, NOW + one.rollUpLater * 1000);
      }
      await expectAllTiers(folded);
      await folder.fold();
      await rollUp(db, NOW + 400 * 86_400_000);
      await expectAllTiers([...folded, ...waiting]);
    }),
    { numRuns: 40 },
  );
});
