import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createGuard, wasKilled } from "@/lib/sdk/src/guard";
import { openMysql } from "@/lib/sdk/src/guard/mysql";
import { mariadbOrNone } from "@/test/support/mariadb";
import { until } from "@/test/support/until";
import { mariaApp, mariaShop, mariaWatched, type MariaShop } from "./maria-shop";

const server = mariadbOrNone("the query guard on MariaDB");

let db: MariaShop;
beforeAll(async () => {
  if (server) db = await mariaShop(server);
});
afterAll(() => db?.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const ALL_ALLOWED = { apply: true, terminate: true, includeWrites: true, maxPerMinute: 100, mostAtOnce: 100 };

describe.runIf(server).each(["mariadb", "mysql"] as const)("on MariaDB, in the way of %s", (flavour) => {
  test("a statement over the limit is recorded, then stopped, and the app can tell who did it", async () => {
    const { connection, pid } = await mariaApp(db.url, cleanup);
    const guard = await mariaWatched(flavour, { databaseUrl: db.url, apply: true }, cleanup);
    const statement = "/*tf:route=GET%20%2Freport*/ SELECT SLEEP(60), 'a secret' FROM DUAL WHERE 1 = SLEEP(60)";
    const error: unknown = await connection.query(statement).catch((failure: unknown) => failure);
    await until("it is told what came of it", () => guard.outcomes.length > 0);
    const [record] = guard.records;
    expect(record).toMatchObject({ action: "cancel", pid, endpoint: "GET /report", reason: "over_limit" });
    expect(record!.fingerprint).toBe("select sleep(?), ? from dual where ? = sleep(?)");
    expect(record!.ageMs).toBeGreaterThanOrEqual(1_000);
    expect(wasKilled(error, { pid })).toMatchObject({ code: "1317", by: "guard", record });
    expect(guard.outcomes).toMatchObject([{ outcome: "ended" }]);
    expect((await connection.query("SELECT 1")).length).toBe(2);
    expect(guard.errors).toEqual([]);
  });

  test("what is protected survives, and it is told why; what is not does not survive beside it", async () => {
    const kinds: [told: string | null, url: string, statement: string, before?: string][] = [
      ["spare nokill", db.url, "/* nokill */ SELECT SLEEP(3)"],
      ["spare schema", db.url, `CREATE TABLE made_${flavour} AS SELECT SLEEP(3) AS a`],
      ["spare other", db.url, "DO SLEEP(3)"],
      ["spare dump", db.url, "SELECT /*!40001 SQL_NO_CACHE */ SLEEP(3)"],
      ["spare advisory_lock", db.url, "SELECT SLEEP(3)", "SELECT GET_LOCK('prisma_migrate', 0)"],
      [null, db.otherUrl, "SELECT SLEEP(3)"],
      [null, db.adminUrl, "SELECT SLEEP(3)"],
    ];
    const guard = await mariaWatched(flavour, { databaseUrl: db.url, ...ALL_ALLOWED }, cleanup);
    const apps = await Promise.all(
      kinds.map(async ([told, url, statement, before]) => {
        const { run, pid } = await mariaApp(url, cleanup);
        if (before) await run(before);
        return { told, statement, pid, end: run(statement) };
      }),
    );
    expect(await (await mariaApp(db.url, cleanup)).run("SELECT SLEEP(60)")).toBe("1317");
    for (const { told, statement, pid, end } of apps)
      expect([statement, await end, guard.about(pid)]).toEqual([statement, "done", told === null ? [] : [told]]);
    expect(guard.guard.stats()).toMatchObject({ cancelled: 1, terminated: 0 });
  });

  test("a write is left alone, and stopped when that is allowed", async () => {
    const { run, pid } = await mariaApp(db.url, cleanup);
    const careful = await mariaWatched(flavour, { databaseUrl: db.url, apply: true }, cleanup);
    const end = run("INSERT INTO item SELECT 1 FROM DUAL WHERE SLEEP(60) = 0");
    await until("it is told", () => careful.about(pid).length > 0);
    expect(careful.about(pid)).toEqual(["spare write"]);
    await careful.guard.stop();
    await mariaWatched(flavour, { databaseUrl: db.url, apply: true, includeWrites: true }, cleanup);
    expect(await end).toBe("1317");
  });

  test("who waits for a lock is left alone", async () => {
    const [holder, waiting] = [await mariaApp(db.url, cleanup), await mariaApp(db.url, cleanup)];
    await holder.run("LOCK TABLES item WRITE");
    const guard = await mariaWatched(flavour, { databaseUrl: db.url, ...ALL_ALLOWED }, cleanup);
    const end = waiting.run("SELECT * FROM item");
    await until("it is told", () => guard.about(waiting.pid).length > 0);
    expect(guard.about(waiting.pid)).toEqual(["spare waits_for_lock"]);
    await holder.run("UNLOCK TABLES");
    expect(await end).toBe("done");
  });

  test("a signal to a statement that is over does nothing to the next one of its connection", async () => {
    const { connection, run, pid } = await mariaApp(db.url, cleanup);
    const guard = await openMysql(db.url, { onLost: () => undefined, needsNames: false, flavour });
    cleanup.push(() => guard.close());
    for (const signal of ["cancel", "terminate"] as const) {
      const end = run(`SELECT SLEEP(0.${signal.length}1)`);
      const seen = await until("it is seen", async () => (await guard.activity(0)).find((each) => each.pid === pid));
      expect(await end).toBe("done");
      const innocent = run("SELECT SLEEP(0.5)");
      await until("the next one is seen", async () => (await guard.activity(0)).some((each) => each.pid === pid));
      expect(await guard.signal(signal, seen)).toBe(false);
      expect(await innocent).toBe("done");
    }
    expect((await connection.query("SELECT 1")).length).toBe(2);
  });

  test("the connection of a statement is closed by the second signal", async () => {
    const { run, pid } = await mariaApp(db.url, cleanup);
    const guard = await openMysql(db.url, { onLost: () => undefined, needsNames: false, flavour });
    cleanup.push(() => guard.close());
    const end = run("SELECT SLEEP(60)");
    const seen = await until("it is seen", async () => (await guard.activity(0)).find((each) => each.pid === pid));
    expect(await guard.signal("terminate", seen)).toBe(true);
    expect(await end).not.toBe("done");
    expect(await run("SELECT 1")).not.toBe("done");
  });
});

describe.runIf(server)("on MariaDB", () => {
  async function refusal(databaseUrl: string, applicationNames?: string[]): Promise<string> {
    const guard = createGuard({ databaseUrl, ...(applicationNames ? { applicationNames } : {}) });
    cleanup.push(() => guard.stop());
    return guard.ready.then(
      () => "it started",
      (error: Error) => error.message,
    );
  }

  test("a user who may do more is refused, and one who is not there is said", async () => {
    expect(await refusal(db.adminUrl)).toMatch(
      /has ALL PRIVILEGES on all databases; let the guard run as the app's own role/,
    );
    const nobody = await refusal(Object.assign(new URL(db.url), { username: "nobody_here" }).href);
    expect(nobody).toMatch(/denied.*nobody_here/);
    expect(nobody).not.toContain("s3cret");
  });

  test("names of applications that the server does not tell are refused", async () => {
    expect(await refusal(db.url, ["shop"])).toMatch(/performance_schema is off/);
  });

  test("missing timeouts are noted, and two guards do not act at once", async () => {
    const first = await mariaWatched("mariadb", { databaseUrl: db.url, apply: true }, cleanup);
    const second = await mariaWatched(
      "mariadb",
      { databaseUrl: db.url.replace("mysql:", "mariadb:"), apply: true },
      cleanup,
    );
    expect(first.notes.join("\n")).toMatch(/have no max_statement_time.*ALTER USER/);
    expect([first.guard.stats().isLeading, second.guard.stats().isLeading]).toEqual([true, false]);
    await first.guard.stop();
    await until("the second takes over", () => second.guard.stats().isLeading);
    expect(second.errors).toEqual([]);
  });
});
