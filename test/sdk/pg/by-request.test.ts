import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "@/lib/sdk/src/database/listeners";
import { tailfillPool } from "@/lib/sdk/src/pg/index";
import { testDatabase, type TestDatabase } from "@/test/support/database";
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

describe("a request has its own statements", () => {
  test("also when it waited for a connection that another gave back", async () => {
    const pool = pooled({ max: 1 });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        statementsIn(async () => {
          for (let n = 0; n < at; n++) await pool.query(`select ${n} as c${at}`);
        }),
      ),
    );
    const own = all.map((statements) => statements.byFingerprint.map((each) => [each.fingerprint, each.count]));
    expect(own).toEqual(Array.from({ length: 12 }, (_, at) => (at === 0 ? [] : [[`select ? as c${at}`, at]])));
  });

  test("in callbacks, one after the other", async () => {
    const pool = pooled({ max: 1 });
    const twice = (name: string): Promise<unknown> =>
      new Promise((resolve) => {
        pool.connect((_, connection, release) => {
          connection?.query(`select 1 as ${name}`, () => {
            connection.query(`select 2 as ${name}`, () => {
              release();
              resolve(statementsOf());
            });
          });
        });
      });
    const all = await Promise.all(["a", "b", "c"].map((name) => statementsIn(() => twice(name))));
    expect(all.map(linesOf)).toEqual(["a", "b", "c"].map((name) => [`2 × select ? as ${name} (2 rows)`]));
  });

  test("one that outlives it is counted as unfinished, and changes nothing later", async () => {
    const connection = await pooled().connect();
    let late: Promise<unknown> | undefined;
    const statements = await statementsIn(() => void (late = connection.query("select pg_sleep(0.02)")));
    expect(statements).toMatchObject({ count: 1, unfinished: 1, durationUs: 0 });
    await late;
    expect(statements).toMatchObject({ count: 1, unfinished: 1, durationUs: 0 });
    connection.release();
  });

  test("with at most fifty kinds of them, and all counted", async () => {
    const pool = pooled();
    const { count, byFingerprint } = await statementsIn(async () => {
      for (let n = 0; n < 60; n++) await pool.query(`select 1 as c${n}`);
    });
    expect(count).toBe(60);
    expect(byFingerprint).toHaveLength(51);
    expect(byFingerprint.find((each) => each.fingerprint === "(other statements)")).toMatchObject({
      count: 10,
      rows: 10,
    });
  });
});
