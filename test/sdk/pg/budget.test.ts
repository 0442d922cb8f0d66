import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wasKilled } from "@/lib/sdk/src/guard/index";
import { tailfillPool, type TapOptions } from "@/lib/sdk/src/pg/index";
import { wrap } from "@/lib/sdk/src/wrap";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { recordingClient } from "../adapters/recording-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const pools: pg.Pool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.end())));

/** One connection, so that what a statement leaves behind is met by the next. */
function pooled(budgets: TapOptions["budgets"], options: pg.PoolConfig = {}): pg.Pool {
  const own = new pg.Pool({ connectionString: database.url, max: 1, ...options });
  const pool = budgets === undefined ? own : tailfillPool(own, { budgets, comment: false });
  pools.push(pool);
  return pool;
}

const client = recordingClient();
beforeEach(() => void client.errors.splice(0));
afterEach(() => expect(client.errors).toEqual([]));

function as<Result>(endpoint: string, run: () => Promise<Result>): Promise<Result> {
  return wrap(async () => run(), { endpoint, client })();
}

async function limitNow(to: pg.Pool | pg.PoolClient): Promise<string> {
  const { rows } = await to.query<{ now: string }>("select current_setting('statement_timeout') as now");
  return rows[0]!.now;
}

const SLEEP = "select pg_sleep(60)";

describe("a statement that runs for longer than its endpoint's budget is stopped", () => {
  const forms: [string, (to: pg.PoolClient) => Promise<unknown>][] = [
    ["a text", (to) => to.query(SLEEP)],
    ["a text with values", (to) => to.query("select pg_sleep($1)", [60])],
    ["a config with a name", (to) => to.query({ text: SLEEP, name: "sleep" })],
    [
      "a callback",
      (to) => new Promise((resolve, reject) => to.query(SLEEP, (error) => (error ? reject(error) : resolve(0)))),
    ],
    [
      "pg's own query",
      (to) => new Promise((resolve, reject) => to.query(new pg.Query(SLEEP)).on("error", reject).on("end", resolve)),
    ],
    ["one in a transaction", (to) => to.query("begin").then(() => to.query(SLEEP))],
    [
      "a later one in a transaction",
      (to) =>
        to
          .query("begin")
          .then(() => to.query("select 1"))
          .then(() => to.query(SLEEP)),
    ],
  ];

  test.each(forms)("%s", async (_, ask) => {
    const connection = await pooled({ "JOB report": 0.05, default: "1h" }).connect();
    const error = await as("report", () => ask(connection)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect(error).toMatchObject({ code: "57014" });
    expect(wasKilled(error)).toMatchObject({ by: "timeout", endpoint: "JOB report", budgetMs: 50, code: "57014" });
    await connection.query("rollback");
    expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    connection.release();
  });

  test("and nothing says so of one that the app's own limit has stopped", async () => {
    const pool = pooled({ default: "1h" }, { statement_timeout: 50 });
    const error = await as("report", () => pool.query(SLEEP)).catch((caught: unknown) => caught);
    expect(wasKilled(error)).toMatchObject({ by: "timeout", endpoint: "JOB report", budgetMs: null });
  });
});

describe("which budget", () => {
  test.each([
    ["its own", { "JOB mail": "3s", default: "4s" }, "mail", "3s"],
    ["the default", { "JOB mail": "3s", default: "4s" }, "other", "4s"],
    ["none", { "JOB mail": "3s" }, "other", "0"],
    ["none, by 0", { "JOB mail": 0, default: "4s" }, "mail", "0"],
    ["none where it is no time", { "JOB mail": "soon" }, "mail", "0"],
    ["at most what PostgreSQL takes", { default: "365d" }, "mail", "2147483647ms"],
  ])("%s", async (_, budgets, endpoint, expected) => {
    const pool = pooled(budgets);
    expect(await as(endpoint, () => limitNow(pool))).toBe(expected);
    expect(await limitNow(pool)).toBe("0");
  });

  test("is never looser than what the app, its session or its role has set", async () => {
    const pool = pooled({ default: "10s" }, { statement_timeout: 2_000 });
    expect(await as("report", () => limitNow(pool))).toBe("2s");
    await pool.query("set statement_timeout = '3min'");
    expect(await as("report", () => limitNow(pool))).toBe("10s");
    expect(await limitNow(pool)).toBe("3min");
  });
});

describe("a transaction of the app's", () => {
  let connection: pg.PoolClient;
  beforeEach(async () => {
    connection = await pooled({ default: "10s" }).connect();
  });
  afterEach(() => connection.release());

  test("has it from its first statement to its end", async () => {
    await as("report", async () => {
      await connection.query("begin");
      expect(await limitNow(connection)).toBe("10s");
      expect((await connection.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "10s" }]);
      await connection.query("commit");
      expect((await connection.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "0" }]);
    });
  });

  test("has its own, where it sets one", async () => {
    await as("report", async () => {
      await connection.query("begin");
      await connection.query("set local statement_timeout = '1h'");
      expect(await limitNow(connection)).toBe("1h");
      await connection.query("rollback");
      expect(await limitNow(connection)).toBe("10s");
    });
  });

  test("has it also after going back to a savepoint", async () => {
    await as("report", async () => {
      await connection.query("begin");
      await connection.query("savepoint one");
      expect(await limitNow(connection)).toBe("10s");
      await connection.query("rollback to savepoint one");
      expect((await connection.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "0" }]);
      expect(await limitNow(connection)).toBe("10s");
      await connection.query("commit");
    });
  });

  test("that failed says what PostgreSQL says", async () => {
    await as("report", async () => {
      await connection.query("begin");
      await expect(connection.query("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
      await expect(connection.query("select 1")).rejects.toMatchObject({ code: "25P02" });
      await connection.query("rollback");
    });
  });
});

describe("what the app gets is what it gets without", () => {
  const table = "create temporary table t (id int primary key, name text)";
  const asks: [string, (to: pg.PoolClient) => unknown][] = [
    ["no row", (to) => to.query("select 1 where false")],
    ["a text without values", (to) => to.query("select 1 as one, now() < now() as no, null as none")],
    ["values", (to) => to.query("select $1::int as n, $2::text[] as list", [7, ["a", "b"]])],
    [
      "a name, twice",
      (to) => Promise.all([1, 2].map((n) => to.query({ text: "select $1::int as n", name: "n", values: [n] }))),
    ],
    ["rows as arrays", (to) => to.query({ text: "select 1, 2", rowMode: "array" })],
    ["writing and what it returns", (to) => to.query("insert into t values (1, 'a'), (2, 'b') returning id")],
    ["writing", (to) => to.query("update t set name = 'c'")],
    ["several in one text", (to) => to.query("select 1 as a; select 2 as b")],
    ["an empty text", (to) => to.query("")],
    ["VACUUM, which runs in no transaction", (to) => to.query("vacuum t")],
    ["CREATE INDEX CONCURRENTLY", (to) => to.query("create index concurrently i on t (name)")],
    ["many that are not waited for", (to) => Promise.all([3, 4, 5].map((n) => to.query(`select ${n} as n`)))],
    ["an error", (to) => to.query("select\n nothing")],
    [
      "an error of one with a name, and again",
      async (to) => {
        await to.query({ text: "select nothing", name: "bad" }).catch(() => undefined);
        return to.query({ text: "select nothing", name: "bad" });
      },
    ],
    [
      "another text under a name",
      async (to) => {
        await to.query({ text: "select 1", name: "one" });
        return to.query({ text: "select 2", name: "one" });
      },
    ],
    ["values that are no list", (to) => to.query({ text: "select 1", values: 1 as unknown as unknown[] })],
    [
      "a value that cannot be sent",
      (to) =>
        to.query("select $1", [
          {
            toPostgres: () => {
              throw new Error("never");
            },
          },
        ]),
    ],
    [
      "a callback that is none",
      (to) => Promise.resolve().then(() => to.query({ text: "select 1", callback: 1 } as pg.QueryConfig)),
    ],
  ];

  test.each(asks)("%s", async (_, ask) => {
    const [bare, limited] = await Promise.all([outcomeOf(undefined, ask), outcomeOf({ default: "10s" }, ask)]);
    expect(limited).toEqual(bare);
  });

  async function outcomeOf(budgets: TapOptions["budgets"], ask: (to: pg.PoolClient) => unknown): Promise<unknown> {
    const connection = await pooled(budgets).connect();
    await connection.query(table);
    const told = await as("report", async () => plain(await ask(connection))).catch((error: pg.DatabaseError) => {
      const { code, message, position } = error;
      return { code, message, position, class: error.constructor.name };
    });
    const after = await connection.query("select count(*)::int as n from t");
    connection.release();
    return { told, after: after.rows };
  }

  const plain = (answer: unknown): unknown =>
    Array.isArray(answer)
      ? answer.map(plain)
      : (({ command, rowCount, rows, fields }: pg.QueryResult) => ({
          command,
          rowCount,
          rows,
          fields: fields.map(({ name, dataTypeID }) => [name, dataTypeID]),
        }))(answer as pg.QueryResult);
});
