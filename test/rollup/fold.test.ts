import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import { OTHER_USERS } from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { endpointWindows, store, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const NOW = Date.parse("2026-11-22T10:00:00Z");

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { db } = database;
  await db.$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, user_window_1m, loss, release, user_label, service CASCADE`;
});

const hex = (...us: number[]) => Buffer.from(payloadOf(...us)).toString("hex");
const fold = () => new Folder(database.db).fold();

test("a batch becomes windows of its endpoints, of all endpoints together, and of its users", async () => {
  await store(
    database.db,
    batchOf({
      endpoints: [
        endpointOf({
          outcomes: { ok: payloadOf(1_000, 2_000), aborted: payloadOf(9_000) },
          users: [userOf("42", 1_000)],
        }),
        endpointOf({ route: "/posts", users: [{ ...userOf("42", 1_000), miss: payloadOf(1_000) }] }),
      ],
    }),
  );
  expect(await fold()).toBe(1);
  const at = "2026-11-22T10:00:00Z";
  expect(await endpointWindows(database.db, 0)).toEqual(
    new Map([
      [`shop production GET /posts | ${at} | ok`, hex(1_000)],
      [`shop production GET /users/:id | ${at} | aborted`, hex(9_000)],
      [`shop production GET /users/:id | ${at} | ok`, hex(1_000, 2_000)],
      [`shop production total | ${at} | aborted`, hex(9_000)],
      [`shop production total | ${at} | ok`, hex(1_000, 1_000, 2_000)],
    ]),
  );
  expect(await userWindows(database.db, 0)).toEqual(
    new Map([
      [`shop production GET /posts | ${at} | 42 | latency`, hex(1_000)],
      [`shop production GET /posts | ${at} | 42 | miss`, hex(1_000)],
      [`shop production GET /users/:id | ${at} | 42 | latency`, hex(1_000)],
    ]),
  );
  expect(await database.db.batch.count()).toBe(0);
  expect(await fold()).toBe(0);
});

test("requests of (other users) stay under that name, with key 0", async () => {
  await store(database.db, batchOf({ endpoints: [endpointOf({ users: [userOf(OTHER_USERS, 5)] })] }));
  await fold();
  expect(
    (await userWindows(database.db, 0)).get(
      `shop production GET /users/:id | 2026-11-22T10:00:00Z | ${OTHER_USERS} | latency`,
    ),
  ).toBe(hex(5));
  const { keyLow } = await database.db.userWindow1m.findFirstOrThrow();
  expect(keyLow).toBe(0n);
});

test("losses and releases of a batch are kept once", async () => {
  const losses = new Map([
    ["user_cap", 3],
    ["buffer_full", 5],
  ]);
  await store(database.db, batchOf({ release: "1.8.0", losses }));
  await store(
    database.db,
    batchOf({ release: "1.8.0", losses: new Map([["user_cap", 1]]), window: { startMs: NOW + 20_000, seconds: 10 } }),
  );
  await fold();
  const rows = await database.db.loss.findMany({ orderBy: { reason: "asc" } });
  expect(rows.map(({ reason, count, start }) => [reason, count, start.getTime()])).toEqual([
    ["buffer_full", 5n, NOW],
    ["user_cap", 4n, NOW],
  ]);
  const release = await database.db.release.findFirstOrThrow();
  expect([release.release, release.firstAt.getTime(), release.lastAt.getTime()]).toEqual(["1.8.0", NOW, NOW + 20_000]);
});
