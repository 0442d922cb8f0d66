import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { wasKilled } from "@/lib/sdk/src/guard";
import { until } from "@/test/support/until";
import { active, app, ascending, shop, watched, type Shop } from "./shop";

let db: Shop;
beforeAll(async () => {
  db = await shop();
  await db.admin(`
    CREATE TABLE item (id int PRIMARY KEY, n int);
    INSERT INTO item SELECT i, i FROM generate_series(1, 20000) i;
    GRANT ALL ON item TO ${db.role};
    CREATE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$`);
});
afterAll(() => db.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

test("a statement over the limit is recorded, then cancelled, and the app can tell who did it", async () => {
  const { client, pid } = await app(db.url, cleanup);
  const runningAtRecord: boolean[] = [];
  let isOver = false;
  const guard = await watched(
    {
      databaseUrl: db.url,
      apply: true,
      onKill: (record) => (guard.records.push(record), runningAtRecord.push(!isOver)),
    },
    cleanup,
  );
  const error: unknown = await client
    .query("/*tf:route=GET%20%2Freport,op=report.all*/ SELECT pg_sleep(60), $1::text", ["a secret"])
    .catch((failure: unknown) => failure)
    .finally(() => (isOver = true));
  await until("it is told what came of it", () => guard.outcomes.length > 0);
  const [record] = guard.records;
  expect(record).toMatchObject({
    action: "cancel",
    pid,
    applicationName: "shop",
    endpoint: "GET /report",
    op: "report.all",
    fingerprint: "select pg_sleep(?), ?::text",
    reason: "over_limit",
    rule: "over 300 ms",
    waitEvent: "Timeout:PgSleep",
  });
  expect(record!.ageMs).toBeGreaterThan(300);
  expect(record!.ageMs).toBeLessThan(5_000);
  expect(runningAtRecord).toEqual([true]);
  expect(guard.outcomes).toMatchObject([{ pid, outcome: "ended", record }]);
  expect(wasKilled(error, { pid })).toMatchObject({ code: "57014", by: "guard", record });
  expect(await (await app(db.url, cleanup)).run("SELECT 1")).toBe("done");
  expect(guard.guard.stats()).toMatchObject({ isLeading: true, cancelled: 1, gone: 0, terminated: 0 });
  expect(guard.errors).toEqual([]);
});

test("a statement below the limit is none of its business", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const guard = await watched({ databaseUrl: db.url, apply: true, over: 20 }, cleanup);
  expect(await run("SELECT pg_sleep(1)")).toBe("done");
  expect(guard.about(pid)).toEqual([]);
  expect(guard.guard.stats().rounds).toBeGreaterThan(1);
});

test("work that waits for nothing, in parallel too, is stopped at its leader", async () => {
  const { run, pid } = await app(db.url, cleanup);
  await run("SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0");
  await run("SET min_parallel_table_scan_size = 0");
  const guard = await watched({ databaseUrl: db.url, apply: true }, cleanup);
  expect(await run("SELECT count(*) FROM item a, item b, item c WHERE a.n + b.n <> c.n")).toBe("57014");
  expect(guard.records.map((record) => record.pid)).toEqual([pid]);
});

test("what does not heed the cancel is terminated after the grace, when that is allowed", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const guard = await watched({ databaseUrl: db.url, apply: true, terminate: true, grace: 0.3 }, cleanup);
  expect(await run("SELECT stubborn()")).toBe("57P01");
  await until("its end is told", () => guard.outcomes.length > 0);
  expect(guard.about(pid)).toEqual(["cancel over_limit", "terminate over_limit"]);
  expect(guard.records[1]!.ageMs! - guard.records[0]!.ageMs!).toBeGreaterThanOrEqual(290);
  expect(guard.outcomes).toMatchObject([{ outcome: "ended", record: { action: "terminate" } }]);
});

test("otherwise it is told that it still runs, and it is not cancelled again and again", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const guard = await watched({ databaseUrl: db.url, apply: true, grace: 0.3 }, cleanup);
  const how = run("SELECT stubborn()");
  await until("it is given up", () => guard.outcomes.length > 0);
  const { rounds } = guard.guard.stats();
  await until("it has looked again", () => guard.guard.stats().rounds > rounds + 3);
  expect(guard.about(pid)).toEqual(["cancel over_limit", "spare still_running"]);
  expect(guard.outcomes).toMatchObject([{ outcome: "still_running" }]);
  await db.admin(`SELECT pg_terminate_backend(${pid})`);
  expect(await how).toBe("57P01");
});

test("what cannot be recorded is not stopped", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const onKill = () => Promise.reject(new Error("the disk is full"));
  const guard = await watched({ databaseUrl: db.url, apply: true, onKill }, cleanup);
  expect(await run("SELECT pg_sleep(1.5)")).toBe("done");
  expect(guard.about(pid)).toEqual(["spare not_recorded"]);
  expect(guard.errors).toContain("the disk is full");
});

describe("a dry run", () => {
  test("stops nothing, and lists what a live run then stops, each once", async () => {
    const apps = await Promise.all(Array.from({ length: 4 }, () => app(db.url, cleanup)));
    const over = apps.map(({ run }) => run("SELECT pg_sleep(60)"));
    const writer = await app(db.url, cleanup);
    const written = writer.run("INSERT INTO item SELECT 100000, 1 FROM pg_sleep(60)");
    for (const { pid } of [...apps, writer]) await active(db.adminUrl, pid);
    const dry = await watched({ databaseUrl: db.url }, cleanup);
    await until("all are listed", () => dry.records.length === 5);
    const { rounds } = dry.guard.stats();
    await until("it has looked again", () => dry.guard.stats().rounds > rounds + 3);
    const live = await watched({ databaseUrl: db.url, apply: true }, cleanup);
    expect(await Promise.all(over)).toEqual(["57014", "57014", "57014", "57014"]);
    const list = (records: typeof dry.records, action: string) =>
      records
        .filter((record) => record.action === action)
        .map(({ pid }) => pid)
        .toSorted(ascending);
    expect(list(dry.records, "would_cancel")).toEqual(apps.map(({ pid }) => pid).toSorted(ascending));
    expect(list(dry.records, "would_cancel")).toEqual(list(live.records, "cancel"));
    expect(list(dry.records, "spare")).toEqual(list(live.records, "spare"));
    expect(dry.records).toHaveLength(5);
    expect(dry.outcomes).toEqual([]);
    await db.admin(`SELECT pg_terminate_backend(${writer.pid})`);
    await written;
  });
});

test("a write is left alone, and stopped when that is allowed: its work is rolled back", async () => {
  const { run, pid, client } = await app(db.url, cleanup);
  const careful = await watched({ databaseUrl: db.url, apply: true }, cleanup);
  const how = run("INSERT INTO item SELECT 100000 + i, 1 FROM generate_series(1, 10) i, pg_sleep(60)");
  await until("it is told", () => careful.about(pid).length > 0);
  expect(careful.about(pid)).toEqual(["spare write"]);
  await careful.guard.stop();
  await watched({ databaseUrl: db.url, apply: true, includeWrites: true }, cleanup);
  expect(await how).toBe("57014");
  expect((await client.query("SELECT FROM item WHERE id > 100000")).rows).toEqual([]);
});

test("no more than the budget in a minute, the longest first", async () => {
  const apps = [await app(db.url, cleanup), await app(db.url, cleanup), await app(db.url, cleanup)];
  const ends: Promise<string>[] = [];
  for (const { run, pid } of apps) {
    ends.push(run("SELECT pg_sleep(60)"));
    await active(db.adminUrl, pid);
  }
  const guard = await watched({ databaseUrl: db.url, apply: true, maxPerMinute: 2 }, cleanup);
  expect(await Promise.all(ends.slice(0, 2))).toEqual(["57014", "57014"]);
  await until("the third is told", () => guard.about(apps[2]!.pid).length > 0);
  expect(guard.about(apps[2]!.pid)).toEqual(["spare budget"]);
  await db.admin(`SELECT pg_cancel_backend(${apps[2]!.pid})`);
});

test("when too many qualify at once, none is stopped", async () => {
  const apps = [await app(db.url, cleanup), await app(db.url, cleanup), await app(db.url, cleanup)];
  const ends = apps.map(({ run }) => run("SELECT pg_sleep(60)"));
  for (const { pid } of apps) await active(db.adminUrl, pid, 0.5);
  const guard = await watched({ databaseUrl: db.url, apply: true, mostAtOnce: 2, over: 0.5 }, cleanup);
  for (const { pid } of apps) await until(`${pid} is told`, () => guard.about(pid).length > 0);
  for (const { pid } of apps) expect(guard.about(pid)).toEqual(["spare too_many"]);
  expect(guard.guard.stats().cancelled).toBe(0);
  await guard.guard.stop();
  for (const { pid } of apps) await db.admin(`SELECT pg_cancel_backend(${pid})`);
  await Promise.all(ends);
});
