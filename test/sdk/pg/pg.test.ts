import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tailfillClient, tailfillPool } from "@/lib/sdk/src/pg/index";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { sendingClient } from "../support/sent";
import { linesOf, statementsIn } from "../support/work";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const pools: pg.Pool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.end())));

function pooled(options: pg.PoolConfig = {}): pg.Pool {
  const pool = tailfillPool(new pg.Pool({ connectionString: database.url, max: 2, ...options }));
  pools.push(pool);
  return pool;
}

const text = "select n from generate_series(1, 3) as n";
const line = "1 × select n from generate_series(?) as n (3 rows)";

describe("every form of a query is counted, and answers as pg does", () => {
  const forms: [string, (pool: pg.Pool | pg.PoolClient) => Promise<unknown>][] = [
    ["a text", (to) => to.query(text)],
    ["a text with values", (to) => to.query(text.replace("3", "$1::int"), [3])],
    ["a config", (to) => to.query({ text })],
    ["a config with a name", (to) => to.query({ text, name: "three" })],
    [
      "a config of another class",
      (to) => to.query(Object.assign(Object.create({ text }) as { text: string }, { rowMode: "array" })),
    ],
    [
      "a callback",
      (to) =>
        new Promise((resolve, reject) => to.query(text, (error, answer) => (error ? reject(error) : resolve(answer)))),
    ],
    [
      "values and a callback",
      (to) =>
        new Promise((resolve, reject) =>
          to.query(text, [], (error, answer) => (error ? reject(error) : resolve(answer))),
        ),
    ],
  ];

  test.each(forms)("%s, of a pool", async (_, ask) => {
    const pool = pooled();
    const statements = await statementsIn(async () => expect(await ask(pool)).toMatchObject({ rowCount: 3 }));
    expect(linesOf(statements)).toEqual([line]);
  });

  test.each(forms)("%s, of a connection", async (_, ask) => {
    const connection = await pooled().connect();
    const statements = await statementsIn(async () => expect(await ask(connection)).toMatchObject({ rowCount: 3 }));
    connection.release();
    expect(linesOf(statements)).toEqual([line]);
  });

  test("a callback in the config", async () => {
    const connection = await pooled().connect();
    const ask = (): Promise<unknown> =>
      new Promise((resolve) => {
        const callback = (_: unknown, answer: unknown): void => resolve(answer);
        void connection.query({ text, callback } as pg.QueryConfig);
      });
    const statements = await statementsIn(async () => expect(await ask()).toMatchObject({ rowCount: 3 }));
    connection.release();
    expect(linesOf(statements)).toEqual([line]);
  });

  test("several statements in one text", async () => {
    const pool = pooled();
    const statements = await statementsIn(async () => {
      expect(await pool.query("select 1; select 2 union select 3")).toHaveLength(2);
    });
    expect(linesOf(statements)).toEqual(["1 × select ?; select ? union select ? (3 rows)"]);
  });

  test("rows that come one by one", async () => {
    const connection = await pooled().connect();
    const statements = await statementsIn(async () => {
      const query = connection.query(new pg.Query(text));
      const rows: unknown[] = [];
      query.on("row", (row) => rows.push(row));
      await new Promise<void>((resolve, reject) => void query.on("end", () => resolve()).on("error", reject));
      expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    });
    connection.release();
    expect(linesOf(statements)).toEqual([line]);
  });

  test("rows that come one by one, and then an error", async () => {
    const connection = await pooled().connect();
    const statements = await statementsIn(async () => {
      const query = connection.query(new pg.Query("select 1 / (2 - n) from generate_series(1, 3) as n"));
      const error = await new Promise((resolve) => void query.on("row", () => undefined).on("error", resolve));
      expect(error).toMatchObject({ code: "22012" });
    });
    connection.release();
    expect(statements).toMatchObject({ count: 1, failed: 1, unfinished: 0 });
  });
});

describe("errors are pg's own", () => {
  test("of the database, with their code and where they come from", async () => {
    const pool = pooled();
    const { failed } = await statementsIn(async () => {
      const error = await pool.query("select nothing").catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(pg.DatabaseError);
      expect(error).toMatchObject({ code: "42703", position: expect.any(String) });
    });
    expect(failed).toBe(1);
  });

  test("of a pool that cannot connect", async () => {
    const pool = pooled({ connectionString: "postgresql://nobody@127.0.0.1:9/nothing" });
    const { count } = await statementsIn(() =>
      expect(pool.query("select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" }),
    );
    expect(count).toBe(0);
  });

  test("of a connection that the server has closed", async () => {
    const pool = pooled({ max: 1 });
    pool.on("error", () => undefined);
    const connection = await pool.connect();
    connection.on("error", () => undefined);
    const closed = new Promise((resolve) => connection.once("end", resolve));
    const { failed } = await statementsIn(() =>
      expect(connection.query("select pg_terminate_backend(pg_backend_pid())")).rejects.toThrow(/terminat/),
    );
    expect(failed).toBe(1);
    await closed;
    const later = await statementsIn(() => expect(connection.query("select 1")).rejects.toThrow("not queryable"));
    expect(later.failed).toBe(1);
    connection.release(true);
    expect((await pool.query("select 1")).rowCount).toBe(1);
  });

  test("of a client that was ended", async () => {
    const client = tailfillClient(new pg.Client(database.url));
    await client.connect();
    await client.end();
    const { failed } = await statementsIn(() => expect(client.query("select 1")).rejects.toThrow("Client was closed"));
    expect(failed).toBe(1);
  });

  test("of a wrong call, thrown at once", async () => {
    const connection = await pooled().connect();
    const { unfinished, failed } = await statementsIn(() => {
      expect(() => connection.query(undefined as unknown as string)).toThrow("null or undefined query");
    });
    connection.release();
    expect({ unfinished, failed }).toEqual({ unfinished: 0, failed: 1 });
  });

  test("a rejection that nobody handles stays one", async () => {
    const connection = await pooled().connect();
    const seen = new Promise((resolve) => process.once("unhandledRejection", resolve));
    const others = process
      .listeners("unhandledRejection")
      .filter((each) => process.listeners("unhandledRejection").at(-1) !== each);
    others.forEach((each) => process.off("unhandledRejection", each));
    await statementsIn(() => void connection.query("select nothing"));
    expect(await seen).toMatchObject({ code: "42703" });
    others.forEach((each) => process.on("unhandledRejection", each));
    connection.release();
  });
});

describe("the leading comment", () => {
  test.each([
    ["a text", (to: pg.Pool) => to.query("select 1"), /^\/\*tf:route=JOB%20mail%20\d+\*\/ select 1$/],
    ["a config", (to: pg.Pool) => to.query({ text: "select 1" }), /^\/\*tf:route=JOB%20mail%20\d+\*\/ select 1$/],
    ["not in a statement with a name", (to: pg.Pool) => to.query({ text: "select 1", name: "one" }), /^select 1$/],
    ["not in front of a comment", (to: pg.Pool) => to.query("/* nokill */ select 1"), /^\/\* nokill/],
    ["not in an empty one", (to: pg.Pool) => to.query(""), /^$/],
    ["copy", (to: pg.Pool) => to.query("copy service to stdout"), /^\/\*tf:route=JOB%20mail%20\d+\*\/ copy/],
  ])("is in %s", async (_, ask, expected) => {
    const { Client, sent } = sendingClient();
    const pool = pooled({ Client } as pg.PoolConfig);
    await statementsIn(() => ask(pool), "mail");
    expect(sent).toEqual([expect.stringMatching(expected)]);
  });

  test("is off by an option, and outside of requests and jobs", async () => {
    const { Client, sent } = sendingClient();
    const pool = tailfillPool(new pg.Pool({ connectionString: database.url, max: 1, Client }), { comment: false });
    await statementsIn(() => pool.query("select 1"));
    await pool.end();
    await pooled({ Client } as pg.PoolConfig).query("select 2");
    expect(sent).toEqual(["select 1", "select 2"]);
  });

  test("leaves a config of the app's as it was", async () => {
    const config = Object.freeze({ text: "select 1" });
    await statementsIn(() => pooled().query(config));
    expect(config).toEqual({ text: "select 1" });
  });
});

describe("what can be wrapped", () => {
  test("the class of a pool, and of a client, which stay what they are", async () => {
    const Pool = tailfillPool(pg.Pool);
    const Client = tailfillClient(pg.Client);
    const [pool, client] = [new Pool({ connectionString: database.url }), new Client(database.url)];
    expect([pool, client, Pool.name]).toEqual([expect.any(pg.Pool), expect.any(pg.Client), "BoundPool"]);
    await client.connect();
    const { count } = await statementsIn(() => Promise.all([pool.query("select 1"), client.query("select 1")]));
    expect(count).toBe(2);
    await Promise.all([pool.end(), client.end()]);
  });

  test("a pool with connections, once", async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    pools.push(pool);
    await pool.query("select 1");
    expect(tailfillPool(tailfillPool(pool))).toBe(pool);
    expect((await statementsIn(() => pool.query("select 1"))).count).toBe(1);
  });
});
