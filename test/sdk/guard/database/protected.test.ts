import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "@/test/support/until";
import { active, app, ascending, shop, watched, type App, type Shop } from "./shop";

// Each takes about two seconds, ten times the limit, beside a guard to which all is allowed.
let db: Shop;
beforeAll(async () => {
  db = await shop();
  const work = await app(db.url, []);
  await work.client.query(`
    CREATE FUNCTION slow(a int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN a; END $$;
    CREATE TABLE few AS SELECT i AS a FROM generate_series(1, 10) i;
    CREATE TABLE many AS SELECT i AS a, repeat('x', 500) AS b FROM generate_series(1, 2000) i;
    CREATE TABLE held AS SELECT 1 AS a;
    CREATE MATERIALIZED VIEW seen AS SELECT slow(a) FROM few WITH NO DATA;
    CREATE PROCEDURE nightly() LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); END $$`);
  await work.client.end();
});
afterAll(() => db.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const SLOW_VACUUM = "SET vacuum_cost_delay = '20ms'; SET vacuum_cost_limit = 1; SET vacuum_cost_page_hit = 1";

/** What is told, the statement, and what its connection does before. */
const KINDS: [told: string, statement: string, before?: string][] = [
  ["nokill", "/* nokill */ SELECT pg_sleep(2)"],
  ["nokill", "SELECT pg_sleep(2) -- nokill"],
  ["schema", "CREATE TABLE made AS SELECT 1 AS a FROM pg_sleep(2)"],
  ["schema", "CREATE INDEX CONCURRENTLY few_slow ON few (slow(a))"],
  ["schema", "CREATE INDEX few_slow_too ON few (slow(a))"],
  ["schema", "ALTER TABLE few ADD CHECK (slow(a) > 0)"],
  ["schema", "VACUUM many", SLOW_VACUUM],
  ["schema", "ANALYZE many", SLOW_VACUUM],
  ["schema", "REFRESH MATERIALIZED VIEW seen"],
  ["copy", "COPY (SELECT slow(a) FROM few) TO STDOUT"],
  ["other", "DO $$ BEGIN PERFORM pg_sleep(2); END $$"],
  ["other", "CALL nightly()"],
  ["other", "EXECUTE report", "PREPARE report AS SELECT pg_sleep(2)"],
  ["protected_application", "SELECT pg_sleep(2)", "SET application_name = 'pg_dump'"],
  ["protected_application", "SELECT pg_sleep(2)", "SET application_name = 'prisma-migrate'"],
  ["advisory_lock", "SELECT pg_sleep(2)", "SELECT pg_advisory_lock(72707369)"],
  ["application", "SELECT pg_sleep(2)", "SET application_name = 'psql'"],
];

const ALL_ALLOWED = { apply: true, terminate: true, includeWrites: true, maxPerMinute: 100, mostAtOnce: 100 };

test("each protected kind survives, and it is told why; what is not protected does not survive beside them", async () => {
  const guard = await watched({ databaseUrl: db.url, applicationNames: ["shop"], over: 0.2, ...ALL_ALLOWED }, cleanup);
  // One after the other where they would wait for each other.
  const serial: [App, string, string][] = [];
  const parallel: [App, string, string][] = [];
  for (const [told, statement, before] of KINDS) {
    const connection = await app(db.url, cleanup);
    for (const each of before?.split("; ") ?? []) expect(await connection.run(each)).toBe("done");
    (/few|many/.test(statement) ? serial : parallel).push([connection, statement, told]);
  }
  const victim = await app(db.url, cleanup);
  const endOfVictim = victim.run("SELECT pg_sleep(60)");
  const ends = parallel.map(([connection, statement]) => connection.run(statement));
  for (const [connection, statement] of serial)
    expect([statement, await connection.run(statement)]).toEqual([statement, "done"]);
  expect(await Promise.all(ends)).toEqual(parallel.map(() => "done"));
  expect(await endOfVictim).toBe("57014");
  for (const [{ pid }, statement, told] of [...serial, ...parallel])
    expect([statement, guard.about(pid)]).toEqual([statement, [`spare ${told}`]]);
  expect(guard.guard.stats()).toMatchObject({ cancelled: 1, terminated: 0 });
});

test("other roles, other databases, background processes and open transactions are none of its business", async () => {
  const elsewhere = await app(
    new URL("/postgres", db.url).href.replace("/postgres", `/postgres${new URL(db.url).search}`),
    cleanup,
  );
  const other = await app(db.otherUrl, cleanup);
  const admin = await app(db.adminUrl, cleanup);
  const idle = await app(db.url, cleanup);
  await idle.run("BEGIN");
  await idle.run("SELECT 1");
  const guard = await watched({ databaseUrl: db.url, over: 0.2, ...ALL_ALLOWED }, cleanup);
  const ends = [elsewhere, other, admin].map(({ run }) => run("SELECT pg_sleep(1.5)"));
  expect(await Promise.all(ends)).toEqual(["done", "done", "done"]);
  expect(await idle.run("COMMIT")).toBe("done");
  expect(guard.records).toEqual([]);
  expect(guard.guard.stats().rounds).toBeGreaterThan(5);
});

test("who waits for a lock is left alone, and who holds it is reported, once", async () => {
  const holder = await app(db.url, cleanup, "jobs");
  const stranger = await app(db.adminUrl, cleanup, "console");
  const waiting = await app(db.url, cleanup);
  await holder.run("BEGIN");
  await holder.run("/*tf:route=POST%20%2Fheld*/ LOCK TABLE held IN SHARE MODE");
  await stranger.run("BEGIN");
  await stranger.run("LOCK TABLE held IN SHARE MODE");
  const end = waiting.run("UPDATE held SET a = 2");
  await active(db.adminUrl, waiting.pid);
  const guard = await watched({ databaseUrl: db.url, ...ALL_ALLOWED }, cleanup);
  await until("both are reported", () => guard.records.length >= 3);
  const { rounds } = guard.guard.stats();
  await until("it has looked again", () => guard.guard.stats().rounds > rounds + 3);
  expect(guard.about(waiting.pid)).toEqual(["spare waits_for_lock"]);
  const blockers = guard.records.filter(({ action }) => action === "blocker");
  expect(blockers.map(({ pid }) => pid).toSorted(ascending)).toEqual([holder.pid, stranger.pid].toSorted(ascending));
  const [held] = blockers.filter(({ pid }) => pid === holder.pid);
  expect(held).toMatchObject({ applicationName: "jobs", endpoint: "POST /held", reason: "blocks" });
  expect(held!.detail).toMatch(new RegExp(`^idle in transaction; ${waiting.pid} has waited \\d+ s for Lock:relation$`));
  // What another role does is not ours to see.
  expect(blockers.find(({ pid }) => pid === stranger.pid)).toMatchObject({ endpoint: null, fingerprint: null });
  await Promise.all([holder.run("COMMIT"), stranger.run("COMMIT")]);
  expect(await end).toBe("done");
});
