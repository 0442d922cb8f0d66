import { describe, expect, test } from "vitest";
import { hasDoubts, mayCorrelate, needsFacts } from "@/lib/sdk/src/counts/doubt";
import { readPlan, type Plan } from "@/lib/sdk/src/counts/plan";
import { rowsOfPlainCount, rowsOfPrismaCount } from "@/lib/sdk/src/counts/statement";

const scan = (about: object = {}) => ({
  "Node Type": "Seq Scan",
  "Plan Rows": 50,
  "Relation Name": "posts",
  Schema: "public",
  ...about,
});
const node = (type: string, plans: object[], about: object = {}) => ({
  "Node Type": type,
  "Plan Rows": 90,
  Plans: plans,
  ...about,
});
const read = (top: object): Plan => readPlan(JSON.stringify([{ Plan: top }]))!;

describe("a plan", () => {
  test("of a table, as text or parsed", () => {
    const plan = {
      rows: 50,
      relations: [{ schema: "public", name: "posts" }],
      conditions: ["(id > 3)"],
      joins: false,
      countable: true,
    };
    expect(read(scan({ Filter: "(id > 3)" }))).toEqual(plan);
    expect(readPlan([{ Plan: scan({ Filter: "(id > 3)" }) }])).toEqual(plan);
  });

  test("the rows of the top count, not those of one worker below", () => {
    expect(read(node("Gather", [scan({ "Plan Rows": 20 })]))).toMatchObject({
      rows: 90,
      countable: true,
      joins: false,
    });
  });

  test("of partitions names each", () => {
    const parts = ["a", "b"].map((name) => scan({ "Relation Name": name }));
    expect(read(node("Append", parts)).relations.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("of an index behind a bitmap", () => {
    const index = { "Node Type": "Bitmap Index Scan", "Plan Rows": 5, "Index Cond": "(id > 3)" };
    const plan = read({ ...scan(), "Node Type": "Bitmap Heap Scan", Plans: [node("BitmapOr", [index, index])] });
    expect(plan).toMatchObject({ countable: true, joins: false, conditions: ["(id > 3)", "(id > 3)"] });
    expect(plan.relations).toHaveLength(1);
  });

  test.each(["Nested Loop", "Hash Join", "Merge Join", "Foreign Scan", "Custom Scan"])("%s is a join", (type) => {
    expect(read(node(type, [scan(), node("Hash", [node("Aggregate", [scan()])])]))).toMatchObject({
      joins: true,
      countable: true,
    });
  });

  test("so is a condition that asks another table", () => {
    expect(read(scan({ Plans: [scan({ "Parent Relationship": "SubPlan" })] })).joins).toBe(true);
  });

  test.each([
    "Limit",
    "Aggregate",
    "Unique",
    "SetOp",
    "CTE Scan",
    "Function Scan",
    "WindowAgg",
    "Sample Scan",
    "Recursive Union",
  ])("%s makes rows of its own", (type) => {
    expect(read(node(type, [scan()])).countable).toBe(false);
    expect(read(node("Subquery Scan", [node(type, [scan()])])).countable).toBe(false);
  });

  test("what is none", () => {
    expect(readPlan([])).toBeUndefined();
    expect(readPlan([{ Plan: {} }])).toBeUndefined();
    expect(() => readPlan("no JSON")).toThrow();
  });
});

describe("whether an estimate is doubtful before it was ever compared", () => {
  const of = (condition: string, facts = { stale: false, secured: false }): boolean =>
    hasDoubts(read(scan({ Filter: condition })), facts);

  test.each([
    "(id = 5)",
    "((status)::text = 'paid'::text)",
    "((deleted_at IS NULL) AND (shop_id = ANY ('{1,2,3}'::integer[])))",
    `("Amount" <= '-1.5'::numeric(10,2))`,
    "(created_at > (now() - '7 days'::interval))",
    "(tenant = (NULLIF(current_setting('app.tenant'::text), ''::text))::integer)",
    "((name)::text ~~ '%lower(x)%'::text)",
    "((code)::character varying(20) <> 'a'::bpchar)",
    "active",
    "(NOT active)",
  ])("not: %s", (condition) => {
    expect(of(condition)).toBe(false);
  });

  test.each([
    "(lower((email)::text) = 'x'::text)",
    "(length(note) > 5)",
    "((data ->> 'kind'::text) = 'x'::text)",
    "(tags @> '{a}'::text[])",
    "((a + b) > 5)",
    "((a % 2) = 0)",
    "(note ~ 'x'::text)",
    "(coalesce(a, b) = 1)",
  ])("it is: %s", (condition) => {
    expect(of(condition)).toBe(true);
  });

  test("LIKE below row-level security, where statistics are not used for it", () => {
    expect(of("((name)::text ~~ '%x%'::text)", { stale: false, secured: true })).toBe(true);
    expect(of("(id > 5)", { stale: false, secured: true })).toBe(false);
  });

  test("any condition without statistics, and none where there is no condition", () => {
    expect(of("(id > 5)", { stale: true, secured: false })).toBe(true);
    expect(hasDoubts(read(scan()), { stale: true, secured: true })).toBe(false);
  });

  test("conditions on several columns may say the same", () => {
    const several = (...conditions: string[]): boolean => mayCorrelate({ ...read(scan()), conditions });
    expect(several("((posts.city = 5) AND (posts.zip = 7))")).toBe(true);
    expect(several('(posts."a b" = 5)', '(posts."A" = 5)')).toBe(true);
    expect(several("(posts.city = 5)", "(other.city > 'a.b'::text)")).toBe(false);
    expect(several()).toBe(false);
  });

  test("facts are asked for where they decide", () => {
    expect(needsFacts(read(scan()))).toBe(false);
    expect(needsFacts(read(scan({ Filter: "(id > 5)" })))).toBe(true);
    expect(needsFacts(read(scan({ Filter: "(length(note) > 5)" })))).toBe(false);
    expect(needsFacts(read(node("Hash Join", [scan(), scan()])))).toBe(false);
  });
});

describe("the rows that a statement counts", () => {
  test("of Prisma's count", () => {
    const rows = 'SELECT "public"."user"."id" FROM "public"."user" WHERE ("public"."user"."name" = $1) OFFSET $2';
    expect(rowsOfPrismaCount(`SELECT COUNT(*) AS "_count$_all" FROM (${rows}) AS "sub"`)).toBe(rows);
    expect(rowsOfPrismaCount(rows)).toBeUndefined();
    expect(rowsOfPrismaCount(`SELECT COUNT("name") AS "_count$name" FROM (${rows}) AS "sub"`)).toBeUndefined();
  });

  test.each([
    ["select count(*) from posts", "SELECT 1 FROM posts"],
    ["SELECT COUNT( * )::int AS n\nFROM posts;", "SELECT 1 FROM posts"],
    [
      `select count(*) as "how many" from posts p where p.id in (select id from x limit 3)`,
      "SELECT 1 FROM posts p where p.id in (select id from x limit 3)",
    ],
    [
      "select count(*) n from posts where note = 'group by; limit'",
      "SELECT 1 FROM posts where note = 'group by; limit'",
    ],
    [
      `select count(*) from "order" where "limit" = $1 and x = $$group$$`,
      `SELECT 1 FROM "order" where "limit" = $1 and x = $$group$$`,
    ],
  ])("of %s", (text, rows) => {
    expect(rowsOfPlainCount(text)).toBe(rows);
  });

  test.each([
    "select count(id) from posts",
    "select count(*), 1 from posts",
    "select count(*) from posts group by kind",
    "select count(*) from posts having count(*) > 1",
    "select count(*) from posts limit 5",
    "select count(*) from posts union select 1",
    "select count(*) from posts; drop table posts",
    "select count(*) from posts) union (select 1",
    "select count(*) from posts -- for update",
    "select count(*) from posts /* x */",
    "select count(*) filter (where a) from posts",
    "with a as (select 1) select count(*) from a",
    "delete from posts",
    "",
  ])("of nothing else: %s", (text) => {
    expect(rowsOfPlainCount(text)).toBeUndefined();
  });
});
