import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approximateCount, tailfillPool } from "@/lib/sdk/src/pg/index";
import { emptyDatabase } from "@/test/support/database";
import { sendingClient } from "../../support/sent";
import { statementsIn } from "../../support/work";

const ROWS = 50_000;
const OPTIONS = { threshold: 1_000, checkEvery: 0, budgetMs: 60_000 };

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let pool: pg.Pool;
const { Client, sent } = sendingClient();
const role = `tenant_${Math.random().toString(36).slice(2)}`;

/** Nobody makes statistics of these but the test. */
const QUIET = "WITH (autovacuum_enabled = false)";
beforeAll(async () => {
  database = await emptyDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3, Client });
  await pool.query(`
    CREATE TABLE fresh (id int, kind int, note text) ${QUIET};
    INSERT INTO fresh SELECT n, n % 3, 'note ' || n FROM generate_series(1, ${ROWS}) n;
    CREATE TABLE grown (id int, kind int) ${QUIET};
    INSERT INTO grown SELECT n, n % 100 FROM generate_series(1, 1000) n;
    ANALYZE grown;
    INSERT INTO grown SELECT n, 7 FROM generate_series(1, ${ROWS}) n;
    CREATE TABLE sold (id int, day date, shop int) PARTITION BY RANGE (day);
    CREATE TABLE sold_1 PARTITION OF sold FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') ${QUIET};
    CREATE TABLE sold_2 PARTITION OF sold FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') ${QUIET};
    CREATE TABLE sold_3 PARTITION OF sold FOR VALUES FROM ('2026-03-01') TO ('2026-04-01') ${QUIET};
    INSERT INTO sold SELECT n, date '2026-01-01' + n % 59, n % 5 FROM generate_series(1, ${ROWS}) n;
    ANALYZE sold_1; ANALYZE sold_2;
    CREATE TABLE owned (id int, tenant int, kind int, note text) ${QUIET};
    INSERT INTO owned SELECT n, CASE WHEN n % 20 = 0 THEN 2 ELSE 1 END, n % 4, 'note ' || n FROM generate_series(1, ${ROWS}) n;
    ANALYZE owned;
    ALTER TABLE owned ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON owned USING (tenant = current_setting('app.tenant')::int);
    CREATE ROLE ${role} LOGIN PASSWORD '${role}';
    GRANT SELECT ON owned TO ${role};`);
});
afterAll(async () => {
  await pool?.query(`DROP OWNED BY ${role}; DROP ROLE ${role};`);
  await pool?.end();
  await database?.drop();
});

const count = (text: string, values: unknown[] = [], options: Parameters<typeof approximateCount>[3] = {}) =>
  approximateCount(pool, text, values, { ...OPTIONS, ...options });

const isNear = (value: number, actual: number, factor = 1.25): boolean =>
  value > actual / factor && value < actual * factor;

describe("statistics that are missing", () => {
  test("a table that was never analysed is estimated by its size", async () => {
    const found = await count("select count(*) from fresh");
    expect(found.kind).toBe("estimate");
    expect(isNear(found.value, ROWS, 2)).toBe(true);
  });

  test("a filter of it is not: the planner would guess", async () => {
    const found = await count("select count(*) from fresh where kind <> $1", [1]);
    expect(found).toMatchObject({ value: ROWS - 16_667, kind: "exact", because: "unproven" });
  });

  test("nor one of a table that has grown since", async () => {
    expect(await count("select count(*) from grown where kind >= $1", [0])).toMatchObject({
      value: ROWS + 1_000,
      because: "unproven",
    });
    expect(isNear((await count("select count(*) from grown")).value, ROWS + 1_000)).toBe(true);
  });

  test("partitions are added up, though nobody analysed their parent", async () => {
    expect(isNear((await count("select count(*) from sold")).value, ROWS)).toBe(true);
    const january = await count("select count(*) from sold where day < $1", ["2026-02-01"]);
    expect(january.kind).toBe("estimate");
    expect(isNear(january.value, (ROWS / 59) * 31)).toBe(true);
    const shop = await count("select count(*) from sold where shop = $1", [3]);
    expect(shop.kind).toBe("estimate");
    expect(isNear(shop.value, ROWS / 5)).toBe(true);
  });
});

describe("row-level security", () => {
  const url = (): string => {
    const own = new URL(database.url);
    own.username = own.password = role;
    return own.href;
  };

  /** Asks as a tenant does, and says whether anything was told of rows that are not theirs. */
  async function as(tenant: number, text: string, values: unknown[] = []) {
    const client = new pg.Client({ connectionString: url(), options: `-c app.tenant=${tenant}` });
    await client.connect();
    try {
      return await approximateCount(client, text, values, OPTIONS);
    } finally {
      await client.end();
    }
  }

  test("each tenant sees an estimate of their own rows", async () => {
    const [one, two] = [await as(1, "select count(*) from owned"), await as(2, "select count(*) from owned")];
    expect([one.kind, two.kind]).toEqual(["estimate", "estimate"]);
    expect(isNear(one.value, ROWS * 0.95)).toBe(true);
    expect(isNear(two.value, ROWS * 0.05)).toBe(true);
    expect(await as(3, "select count(*) from owned")).toMatchObject({ value: 0, kind: "exact" });
  });

  test("an operator that statistics are not used for is not estimated", async () => {
    const found = await as(1, "select count(*) from owned where note like $1", ["%1%"]);
    expect(found).toMatchObject({ kind: "exact", because: "unproven" });
    const kind = await as(1, "select count(*) from owned where kind = $1", [1]);
    expect(kind).toMatchObject({ kind: "estimate" });
    expect(isNear(kind.value, ROWS / 4, 1.3)).toBe(true);
  });

  test("who may not read a table learns nothing of it", async () => {
    await expect(as(1, "select count(*) from fresh")).rejects.toMatchObject({ code: "42501" });
  });
});

describe("estimates are checked", () => {
  test("at once where conditions may say the same, and refused when they do", async () => {
    await pool.query(
      `CREATE TABLE town ${QUIET} AS SELECT n % 1000 / 250 AS city, n % 1000 AS zip FROM generate_series(1, ${ROWS}) n`,
    );
    await pool.query("ANALYZE town");
    const options = { ...OPTIONS, checkEvery: 100 };
    const text = "select count(*) from town where city = $1 and zip between $2 and $3";
    const first = await count(text, [1, 250, 499], options);
    expect(first).toMatchObject({ kind: "atLeast", because: "refused" });
    expect(first.qErrorP95).toBeGreaterThan(2);
    expect(first.value).toBeLessThanOrEqual(ROWS / 4);
    expect(await count(text, [0, 0, 249], options)).toMatchObject({
      value: ROWS / 4,
      kind: "exact",
      because: "refused",
    });
  });

  test("the tenth of a shape else, which then is exact", async () => {
    const ask = () => count("select count(*) from sold where shop <= $1", [1], { ...OPTIONS, checkEvery: 100 });
    const found = [];
    for (let n = 0; n < 11; n++) found.push(await ask());
    expect(found.map(({ because }) => because)).toEqual([...Array<string>(9).fill("large"), "checked", "large"]);
    expect(found[9]).toMatchObject({ value: (ROWS / 5) * 2, kind: "exact" });
    expect([found[8]!.qErrorP95, found[10]!.qErrorP95]).toEqual([null, expect.any(Number)]);
  });
});

describe("what is no plain count is counted", () => {
  test.each([
    "select count(*) from (select 1 from fresh limit 5000) part",
    "select count(*) from generate_series(1, 5000)",
    "with part as materialized (select 1 from fresh limit 5000) select count(*) from part",
    "select count(*) from (select 1 from fresh where id <= 2500 union all select 1 from fresh where id <= 2500 limit 5000) whole",
    "select count(*) from (select distinct id from fresh where id <= 5000) ids",
    "select count(id) from fresh where id <= 5000",
    "select count(*) from fresh where id <= 5000 having true",
    "select count(*) from fresh where id <= 5000 -- limit 3",
  ])("%s", async (text) => {
    expect(await count(text)).toMatchObject({ value: 5_000, kind: "exact", because: "unsupported", qErrorP95: null });
  });

  test("within its budget", async () => {
    expect(await count("select count(*) from (select pg_sleep(10) limit 1) slow", [], { budgetMs: 1 })).toMatchObject({
      value: 0,
      kind: "atLeast",
    });
    expect(await count("select 1 from pg_sleep(10)", [], { budgetMs: 1 })).toMatchObject({ value: 0, kind: "atLeast" });
  });

  test("what gives no number", async () => {
    await expect(count("select 'x'")).rejects.toThrow("begin it with select count(*) from");
  });

  test("a join is counted until its estimates were seen to be good", async () => {
    const text = "select count(*) from sold s join fresh f on f.id = s.id";
    expect(await count(text)).toMatchObject({ value: ROWS, kind: "exact", because: "unproven" });
  });
});

describe("the time limit", () => {
  const limit = "select extract(epoch from current_setting('statement_timeout')::interval) * 1000";

  test("is the budget, or the app's own when that is less", async () => {
    expect((await count(limit, [], { budgetMs: 7_000 })).value).toBe(7_000);
    const strict = new pg.Client({ connectionString: database.url, statement_timeout: 5_000 });
    await strict.connect();
    expect((await approximateCount(strict, limit, [], { budgetMs: 7_000 })).value).toBe(5_000);
    expect((await approximateCount(strict, limit, [], { budgetMs: 3_000 })).value).toBe(3_000);
    expect((await strict.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "5s" }]);
    await strict.end();
  });

  test("ends with the count, in a transaction that goes on", async () => {
    const client = await pool.connect();
    await client.query("begin");
    await client.query("create table mine (id int)");
    await client.query("insert into mine select generate_series(1, 10)");
    const slow = "select count(*) from mine where pg_sleep(10) is not null";
    expect(await approximateCount(client, slow, [], { budgetMs: 1 })).toMatchObject({
      kind: "atLeast",
      because: "unproven",
    });
    expect(await approximateCount(client, "select count(*) from mine")).toMatchObject({ value: 10, kind: "exact" });
    expect((await client.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "0" }]);
    await client.query("rollback");
    client.release();
  });

  test("takes back nothing that others ask on the same client", async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("create table shared (id int)");
    const write = async (begin: string, end: string): Promise<void> => {
      for (let n = 0; n < 20; n++)
        for (const text of [begin, "insert into shared values (1)", end]) await client.query(text);
    };
    const read = async (): Promise<void> => {
      for (let n = 0; n < 10; n++) await approximateCount(client, "select count(*) from shared");
    };
    await Promise.all([write("", ""), read()]);
    await Promise.all([write("begin", "commit"), read()]);
    await client.query("begin");
    await Promise.all([write("savepoint a", "release savepoint a"), read()]);
    await client.query("commit");
    expect((await client.query("select count(*)::int from shared")).rows).toEqual([{ count: 60 }]);
    await client.end();
  });
});

test("two counts at once, on one connection each", async () => {
  const texts = ["select count(*) from fresh", "select count(*) from grown where id < 10"];
  const found = await Promise.all([...texts, ...texts].map((text) => count(text)));
  expect(found.map(({ kind }) => kind)).toEqual(["estimate", "exact", "estimate", "exact"]);
  expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
});

test("errors are the database's", async () => {
  await expect(count("select count(*) from nothing")).rejects.toMatchObject({ code: "42P01" });
  await expect(count("select count(*) from fresh where nothing = 1")).rejects.toMatchObject({ code: "42703" });
  await expect(count("select count(*) from fresh where id = $1", ["x"])).rejects.toMatchObject({ code: "22P02" });
  await expect(count("select count(*) from fresh", [], { threshold: -1 })).rejects.toThrow(
    "threshold is a whole number",
  );
  expect(pool.totalCount - pool.idleCount).toBe(0);
});

test("nothing is executed that is estimated", async () => {
  sent.length = 0;
  await count("SELECT COUNT(*)::int AS n FROM fresh;");
  expect(sent).toEqual(["EXPLAIN (FORMAT JSON, VERBOSE) SELECT 1 FROM fresh"]);
});

test("switched off, everything is counted", async () => {
  expect(await count("select count(*) from fresh", [], { approximate: false })).toMatchObject({
    value: ROWS,
    kind: "exact",
    because: "off",
  });
});

test("a wrapped pool counts the statements for the request", async () => {
  const wrapped = tailfillPool(new pg.Pool({ connectionString: database.url, max: 1 }));
  const { byFingerprint } = await statementsIn(() => approximateCount(wrapped, "select count(*) from fresh"));
  expect(byFingerprint.map(({ fingerprint }) => fingerprint)).toEqual([
    "explain(format json, verbose) select ? from fresh",
  ]);
  await wrapped.end();
});
