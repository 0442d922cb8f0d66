import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Db, openDb } from "@/lib/store/db";
import { isDatabaseDown } from "@/lib/store/failure";
import { answers } from "@/lib/store/probe";
import { attachReadPool } from "@/lib/store/read-pool";
import { snapshot } from "@/lib/store/snapshot";
import { withinTime } from "@/lib/store/within-time";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { Door } from "../support/door.ts";

// A database that hangs closes nothing and says nothing: what a network that swallows packets looks like.
let database: TestDatabase;
let door: Door;
let address: URL;
let db: Db;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const target = new URL(database.url);
  door = new Door(target);
  address = new URL(target);
  address.hostname = "127.0.0.1";
  address.port = String(await door.open());
  address.searchParams.delete("host");
  const client = { $disconnect: async () => undefined } as unknown as Db;
  const limits = { connectionTimeoutMillis: 1_000, statement_timeout: 30_000, query_timeout: 200 };
  db = attachReadPool(client, { connectionString: address.href, ...limits });
});
afterEach(async () => {
  door.close();
  await db.$disconnect();
});

const one = () =>
  snapshot(db, async (connection) => {
    const rows = await connection.copy("SELECT 1::int4");
    rows.next();
    return rows.int();
  });

test("a question to it ends with an error that means: down; when it answers again, so do we", async () => {
  expect(await one()).toBe(1);
  door.hangs = true;
  const error = await one().catch((failure: unknown) => failure);
  expect(isDatabaseDown(error)).toBe(true);
  door.hangs = false;
  expect(await one()).toBe(1);
});

test("it may hang in the middle of a question", async () => {
  const asked = snapshot(db, async (connection) => {
    await connection.$queryRaw`SELECT 1`;
    door.hangs = true;
    await connection.copy("SELECT 1::int4");
  });
  expect(isDatabaseDown(await asked.catch((failure: unknown) => failure))).toBe(true);
});

test("it is told as one that does not answer", async () => {
  const opened = openDb(address.href, 1);
  expect(await answers(opened)).toBe(true);
  door.hangs = true;
  expect(await answers(opened, 100)).toBe(false);
  door.close();
  expect(await answers(opened)).toBe(false);
  await opened.$disconnect();
});

test("a copy that is over leaves no clock running that would end the next question", async () => {
  await snapshot(db, async (connection) => {
    await connection.copy("SELECT 1::int4");
    const begun = performance.now();
    while (performance.now() - begun < 300) await connection.$queryRaw`SELECT pg_sleep(0.05)`;
    const rows = await connection.copy("SELECT 2::int4");
    rows.next();
    expect(rows.int()).toBe(2);
  });
});

test("nobody waits longer than their time", async () => {
  await expect(withinTime(new Promise(() => undefined), 20)).rejects.toMatchObject({
    code: "database_unavailable",
    retryAfterSeconds: 5,
  });
  expect(await withinTime(Promise.resolve(7), 20)).toBe(7);
  await expect(withinTime(Promise.reject(new Error("own")), 20)).rejects.toThrow("own");
});
