import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { encodePayload } from "@/lib/histogram/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { type Db, openDb } from "@/lib/store/db";
import { addLosses } from "@/lib/store/losses";
import { ensurePartitions } from "@/lib/store/partitions";
import { readPoolOf } from "@/lib/store/read-pool";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { countInHex, endpointWindows, requestCount, store, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const NOW = Date.parse("2026-11-22T10:05:00Z");
const HOUR_MS = 3_600_000;
const LATER = NOW + 3 * 24 * HOUR_MS;
const WINDOW_TABLES = [
  "endpoint_window_10s",
  "endpoint_window_1m",
  "endpoint_window_1h",
  "user_window_1m",
  "user_window_1h",
  "user_window_1d",
];

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRawUnsafe(
    `TRUNCATE batch, batch_receipt, loss, release, user_label, service, ${WINDOW_TABLES.join()} CASCADE`,
  );
});

/** A database whose bulk transactions all end in a crash, after their work and before their commit. */
function crashing(db: Db): Db {
  const connect = async () => {
    const client = await readPoolOf(db).connect();
    const query = (text: unknown, ...rest: unknown[]): unknown =>
      text === "COMMIT"
        ? Promise.reject(new Error("power cut"))
        : Reflect.apply(client.query, client, text === "ROLLBACK" ? ["SELECT"] : [text, ...rest]);
    const [on, off] = [() => undefined, () => undefined];
    return { on, off, query, release: () => client.release(true) };
  };
  const pool = Symbol.for("tailfill.readPool");
  return new Proxy(db, { get: (target, name) => (name === pool ? { connect } : Reflect.get(target, name)) });
}

const userTotal = async (tier: number): Promise<number> =>
  [...(await userWindows(database.db, tier))].reduce((sum, [, hex]) => sum + countInHex(hex), 0);

test("a crash before the commit of a fold leaves batches and windows as they were", async () => {
  await store(database.db, batchOf());
  await new Folder(database.db).fold(); // so that names are known, and nothing but the fold itself can fail
  await store(database.db, batchOf());
  const folder = new Folder(crashing(database.db));
  await expect(folder.fold()).rejects.toThrow("power cut");
  expect(await database.db.batch.count()).toBe(1);
  expect(await requestCount(database.db, 0)).toBe(1);
  await new Folder(database.db).fold();
  expect(await requestCount(database.db, 0)).toBe(2);
  expect(await userTotal(0)).toBe(2);
});

test("absurd counts are folded like others, and stay at the highest that can be told exactly", async () => {
  const highest = Number.MAX_SAFE_INTEGER;
  const high = encodePayload([0, highest]);
  const one = () =>
    batchOf({
      losses: new Map([["user_cap", highest]]),
      endpoints: [endpointOf({ outcomes: { ok: high, aborted: high }, users: [{ id: "42", latency: high }] })],
    });
  for (let round = 0; round < 3; round++) {
    for (let sent = 0; sent < 5; sent++) await store(database.db, one());
    await new Folder(database.db).fold();
    await rollUp(database.db, LATER);
  }
  const { id: serviceId } = await database.db.service.findFirstOrThrow();
  const loss = { serviceId, environment: "production", atMs: NOW - 5 * 60_000, reason: "user_cap", count: highest };
  for (let more = 0; more < 2; more++) await addLosses(database.db, Array(2_000).fill(loss));
  const lost = await database.db.loss.findMany({ select: { reason: true, count: true } });
  expect(lost).toEqual([{ reason: "user_cap", count: BigInt(highest) }]);
  expect(await requestCount(database.db, 2)).toBe(2 * highest);
  expect(await userTotal(2)).toBe(highest);
});

test("a crash before the commit of a roll-up leaves every tier as it was", async () => {
  await store(database.db, batchOf());
  await new Folder(database.db).fold();
  await expect(rollUp(crashing(database.db), LATER)).rejects.toThrow("power cut");
  for (const tier of [0, 1, 2]) expect([await requestCount(database.db, tier), await userTotal(tier)]).toEqual([1, 1]);
  await rollUp(database.db, LATER);
  for (const tier of [0, 1, 2]) expect([await requestCount(database.db, tier), await userTotal(tier)]).toEqual([1, 1]);
});

test("two workers that store, fold and roll up at once count everything once", async () => {
  const other = openDb(database.url, 5);
  const workers = [database.db, other].map((db) => ({ db, folder: new Folder(db) }));
  let storing = true;
  let stored = 0;
  const send = async (): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      const startMs = NOW - ((i * 7) % 50) * 600_000;
      const users = [userOf(`${i % 5}`, 1_000 + i)];
      await store(
        other,
        batchOf({
          window: { startMs, seconds: 10 },
          endpoints: [endpointOf({ route: `/${i % 3}`, outcomes: { ok: payloadOf(1_000 + i) }, users })],
        }),
      );
      stored++;
    }
  };
  const work = async ({ db, folder }: (typeof workers)[number]): Promise<void> => {
    while (storing) {
      await folder.fold();
      await rollUp(db, LATER);
    }
  };
  const working = workers.map(work);
  await Promise.all([send(), send(), send()]).finally(() => (storing = false));
  await Promise.all(working);
  await workers[0]!.folder.fold();
  await rollUp(other, LATER);
  expect(stored).toBe(180);
  for (const tier of [0, 1, 2])
    expect([await requestCount(database.db, tier), await userTotal(tier)]).toEqual([180, 180]);
  await other.$disconnect();
});

test("a folder passes over slots that another one holds", async () => {
  const other = openDb(database.url, 2);
  for (let i = 0; i < 20; i++) await store(database.db, batchOf());
  await other.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(7243391, slot) FROM generate_series(0, 63) slot`;
    expect(await new Folder(database.db).fold()).toBe(0);
  });
  expect(await new Folder(database.db).fold()).toBe(20);
  await other.$disconnect();
});

test("a stored batch that cannot be read does not stop the others", async () => {
  await store(database.db, batchOf());
  await store(database.db, batchOf());
  await database.db.$executeRaw`UPDATE batch SET payload = 'junk' WHERE id = (SELECT id FROM batch LIMIT 1)`;
  expect(await new Folder(database.db).fold()).toBe(2);
  expect(await requestCount(database.db, 0)).toBe(1);
});

test("endpoints beyond 1,000 of a service and environment are counted under (other), and as a loss", async () => {
  const endpoint = (i: number) =>
    endpointOf({ route: `/${i}`, outcomes: { ok: payloadOf(1_000) }, users: [userOf("42", 1_000)] });
  const endpoints = Array.from({ length: 1_004 }, (_, i) => endpoint(i));
  await store(database.db, batchOf({ endpoints: endpoints.slice(0, 990) }));
  await new Folder(database.db).fold();
  await store(database.db, batchOf({ endpoints: endpoints.slice(500) }));
  await store(database.db, batchOf({ endpoints: endpoints.slice(1_000) }));
  await store(database.db, batchOf({ environment: "test", endpoints: endpoints.slice(1_000) }));
  await new Folder(database.db).fold();
  expect(await database.db.endpoint.count({ where: { environment: "production", total: false } })).toBe(1_001);
  const windows = await endpointWindows(database.db, 0);
  const count = (name: string) => countInHex(windows.get(`shop ${name} | 2026-11-22T10:00:00Z | ok`) ?? "");
  expect(count("production * (other)")).toBe(8);
  expect(count("production total")).toBe(990 + 504 + 4);
  expect(count("test GET /1003")).toBe(1);
  expect(await database.db.loss.findMany({ select: { reason: true, count: true } })).toEqual([
    { reason: "server_endpoint_cap", count: 8n },
  ]);
  const users = await userWindows(database.db, 0);
  expect(countInHex(users.get("shop production * (other) | 2026-11-22T10:00:00Z | 42 | latency") ?? "")).toBe(8);
});

test("services beyond the cap are counted under (other), and environments too", async () => {
  await database.db.$executeRaw`INSERT INTO service (name) SELECT 'service ' || n FROM generate_series(1, 999) n`;
  await store(database.db, batchOf({ service: "last" }));
  await store(database.db, batchOf({ service: "late" }));
  await store(database.db, batchOf({ service: "later" }));
  await new Folder(database.db).fold();
  const names = [...(await endpointWindows(database.db, 0)).keys()].map((key) => key.split(" | ")[0]);
  expect(names.filter((name) => name?.endsWith("total"))).toHaveLength(2);
  expect(names).toContain("(other) production GET /users/:id");
  expect(await requestCount(database.db, 0)).toBe(3);
  for (let i = 0; i < 101; i++)
    await store(database.db, batchOf({ service: "last", environment: `e${i}`, losses: new Map([["user_cap", 1]]) }));
  await new Folder(database.db).fold();
  expect(await requestCount(database.db, 0)).toBe(104);
  expect(await database.db.endpoint.count({ where: { environment: "(other)" } })).toBeGreaterThan(0);
  const lossesIn = await database.db.loss.groupBy({ by: ["environment"], _sum: { count: true } });
  expect(lossesIn).toHaveLength(100); // `production` had none; 99 of their own, and `(other)`
  expect(lossesIn.reduce((sum, { _sum }) => sum + Number(_sum.count), 0)).toBe(101);
});
