import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { prepareEmbedded } from "@/lib/store/embedded";
import { sql } from "@/test/support/global-setup";
import { until } from "@/test/support/until";
import { app, watched, type Watched } from "./shop";

// A PostgreSQL 18 of its own: for what a server has to be set up for.
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  wal_level: "logical",
  max_wal_senders: "5",
  max_prepared_transactions: "10",
  autovacuum_naptime: "1s",
  autovacuum_freeze_max_age: "100000",
  autovacuum_vacuum_cost_delay: "0",
};

let admin: string;
let url: string;
const stops: (() => unknown)[] = [];
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "tailfill-guard-"));
  const embedded = await prepareEmbedded(folder, SETTINGS);
  const server = await embedded.start();
  stops.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => embedded.close(),
    () => server.stop(),
  );
  admin = embedded.url;
  const address = new URL(admin);
  Object.assign(address, { username: "shop", password: "s3cret" });
  url = address.href;
  await sql(admin, "CREATE ROLE shop LOGIN PASSWORD 's3cret'");
  await sql(admin, "CREATE SCHEMA AUTHORIZATION shop");
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const guarding = (): Promise<Watched> =>
  watched({ databaseUrl: url, over: 0.2, apply: true, terminate: true, includeWrites: true, mostAtOnce: 100 }, cleanup);

async function looksAgain({ guard }: Watched): Promise<void> {
  const { rounds } = guard.stats();
  await until("it has looked again", () => guard.stats().rounds > rounds + 8);
}

/** Rows of a statement of the administrator's. */
async function rows<Row>(text: string): Promise<Row[]> {
  const client = new Client({ connectionString: admin });
  await client.connect();
  const found = await client.query(text);
  await client.end();
  return found.rows as Row[];
}

test("a logical walsender, even of the guard's own role", async () => {
  const work = await app(url, cleanup);
  await work.run("CREATE TABLE sent (a int)");
  await sql(admin, "CREATE PUBLICATION everything FOR TABLE shop.sent");
  const guard = await guarding();
  await sql(admin, "ALTER ROLE shop REPLICATION");
  cleanup.push(() => sql(admin, "ALTER ROLE shop NOREPLICATION"));
  const sender = new Client({ connectionString: url, replication: "database", application_name: "shop" } as object);
  sender.on("error", () => undefined);
  await sender.connect();
  cleanup.push(() => sender.end().catch(() => undefined));
  await sender.query("CREATE_REPLICATION_SLOT sending TEMPORARY LOGICAL pgoutput");
  void sender
    .query("START_REPLICATION SLOT sending LOGICAL 0/0 (proto_version '1', publication_names 'everything')")
    .catch(() => undefined);
  const running = () =>
    rows<{ pid: number; type: string }>(
      "SELECT pid, backend_type AS type FROM pg_stat_activity WHERE usename = 'shop' AND state = 'active' AND backend_type = 'walsender' AND now() - query_start > interval '0.3 s'",
    );
  const before = await until("it runs for longer than the limit", async () => (await running())[0]);
  await looksAgain(guard);
  expect(await running()).toEqual([before]);
  expect(guard.about(before.pid)).toEqual([]);
  expect(guard.guard.stats()).toMatchObject({ cancelled: 0, terminated: 0, spared: 0 });
});

test("a transaction that is prepared: it is reported where others wait for it, and commits", async () => {
  const work = await app(url, cleanup);
  await work.run("CREATE TABLE promised AS SELECT 1 AS a");
  for (const each of ["BEGIN", "UPDATE promised SET a = 2", "PREPARE TRANSACTION 'promise'"])
    expect(await work.run(each)).toBe("done");
  const guard = await guarding();
  const waiting = await app(url, cleanup);
  const end = waiting.run("UPDATE promised SET a = a + 1");
  const blocker = await until("it is reported", () => guard.records.find(({ action }) => action === "blocker"));
  expect(blocker).toMatchObject({ pid: 0, detail: expect.stringMatching(/^a prepared transaction; /) });
  await looksAgain(guard);
  expect(await work.run("COMMIT PREPARED 'promise'")).toBe("done");
  expect(await end).toBe("done");
  expect(await rows("SELECT a FROM shop.promised")).toEqual([{ a: 3 }]);
  expect(guard.guard.stats()).toMatchObject({ cancelled: 0, terminated: 0 });
});

test("an autovacuum to prevent wraparound", async () => {
  const work = await app(url, cleanup);
  await work.run("CREATE TABLE old AS SELECT i AS a, repeat('x', 500) AS b FROM generate_series(1, 20000) i");
  // Slow, to be met by many looks.
  await work.run("ALTER TABLE old SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
  // A transaction each, as many as the server lets a table grow old by.
  const age = "DO $$ BEGIN FOR i IN 1..101000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$";
  expect(await work.run(age)).toBe("done");
  const guard = await guarding();
  const running = () =>
    rows<{ pid: number; query: string; start: string }>(
      "SELECT pid, query, query_start::text AS start FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query LIKE '%shop.old%'",
    );
  const before = await until("it runs", async () => (await running())[0], 60_000);
  expect(before.query).toContain("(to prevent wraparound)");
  await looksAgain(guard);
  expect(await running()).toEqual([before]);
  expect(guard.records).toEqual([]);
  expect(guard.guard.stats()).toMatchObject({ cancelled: 0, terminated: 0 });
});
