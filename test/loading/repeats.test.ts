import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addRepeat,
  costOfRepeat,
  judgeRepeat,
  logBucketOf,
  mergeRepeats,
  noRepeats,
  shapeOf,
  topOfLogBucket,
  type ParentSeen,
  type Repeat,
  type RepeatSums,
} from "@/lib/loading/index";

const CHILD = "select name from author where id = ?";

function repeat(n: number, more: Partial<Repeat> = {}): Repeat {
  const flags = { changed: false, paused: false, parallel: false };
  return { n, distinct: n, rows: n, failed: 0, busyUs: n * 1_000, latencyUs: n * 2_000, ...flags, ...more };
}

const parent = (rows: number, fingerprint = "select * from post", statements = 1): ParentSeen => {
  return { fingerprint, op: undefined, rows, statements };
};

/** Requests one after the other: n, then the rows of the parent. */
function sumsOf(requests: [n: number, rows: number, more?: Partial<Repeat>][]): RepeatSums {
  const sums = noRepeats();
  for (const [n, rows, more] of requests) addRepeat(sums, repeat(n, more), [parent(rows)]);
  return sums;
}

const range = (length: number): number[] => Array.from({ length }, (_, at) => at + 1);
const kindOf = (sums: RepeatSums, text = CHILD) => {
  const { kind, confidence } = judgeRepeat(shapeOf(text), sums);
  return `${kind} ${confidence}`;
};

describe("what repeats a statement", () => {
  const varied = range(20);
  test.each<[string, [number, number, Partial<Repeat>?][], string]>([
    ["once for each row", varied.map((at) => [at, at]), "n_plus_one high"],
    ["three for each row", varied.map((at) => [at * 3, at]), "n_plus_one high"],
    ["for every other row", varied.map((at) => [Math.ceil(at / 2), at]), "n_plus_one high"],
    ["for each row and four more", varied.map((at) => [at + 4, at]), "n_plus_one high"],
    ["for some rows, by chance", varied.map((at) => [Math.max(1, at - ((at * 7) % 5)), at]), "n_plus_one high"],
    ["eight requests of rows", range(8).map((at) => [at, at]), "n_plus_one high"],
    ["seven requests are too few", range(7).map((at) => [at, at]), "unclear low"],
    ["as often whatever there is", varied.map((at) => [7, at]), "fixed_loop high"],
    ["as it pleases", varied.map((at) => [1 + ((at * 13) % 11), at]), "fixed_loop high"],
    ["always a page of ten", varied.map(() => [10, 10]), "n_plus_one low"],
    ["always ten, of other ten than they seem", varied.map(() => [10, 10, { distinct: 5 }]), "unclear low"],
    ["always ten, and eleven rows", varied.map(() => [10, 11]), "unclear low"],
    ["one for forty rows", varied.map((at) => [at, at * 40]), "fixed_loop high"],
    ["the same again for each row", varied.map((at) => [at + 1, at, { distinct: 1 }]), "duplicates high"],
    [
      "the same, with another answer",
      varied.map((at) => [at + 1, at, { distinct: 1, changed: true }]),
      "fixed_loop high",
    ],
    ["the same, after pauses", varied.map((at) => [at + 1, at, { distinct: 1, paused: true }]), "fixed_loop high"],
    ["the same, since it fails", varied.map((at) => [3, at, { distinct: 1, failed: 2 }]), "fixed_loop high"],
  ])("%s", (_, requests, told) => {
    expect(kindOf(sumsOf(requests))).toBe(told);
  });

  test("writes are a loop of writes, whatever they are for, but not when they fail", () => {
    const requests = varied.map((at): [number, number] => [6, at]);
    expect(kindOf(sumsOf(requests), "insert into visit (post_id) values (?)")).toBe("write_loop high");
    const failing = requests.map(([n, rows]): [number, number, Partial<Repeat>] => [n, rows, { failed: n }]);
    expect(kindOf(sumsOf(failing), "update visit set at = ? where id = ?")).toBe("fixed_loop high");
  });

  test("lists of ids are batches, even where there is one for a few rows", () => {
    const requests = varied.map((at): [number, number] => [at, at * 3]);
    expect(kindOf(sumsOf(requests), "select * from author where id = any($1)")).toBe("batches high");
  });

  test("the outer one of two parents that explain as much", () => {
    const sums = noRepeats();
    for (const at of varied)
      addRepeat(sums, repeat(at), [parent(at, "select * from author where id = ?", at), parent(at)]);
    expect(judgeRepeat(shapeOf(CHILD), sums).parent?.fingerprint).toBe("select * from post");
  });

  test("the one that explains most, also when the other came nearer", () => {
    const sums = noRepeats();
    for (const at of varied) addRepeat(sums, repeat(at), [parent((at * 7) % 19, "select 1"), parent(at)]);
    expect(judgeRepeat(shapeOf(CHILD), sums)).toMatchObject({
      parent: { fingerprint: "select * from post" },
      slope: 1,
      explained: 1,
    });
  });
});

describe("sums", () => {
  const requests = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.boolean()), {
    minLength: 1,
    maxLength: 40,
  });

  test("of parts, in any order, are those of all", () => {
    fc.assert(
      fc.property(requests, fc.nat(), (all, seed) => {
        const parts = [noRepeats(), noRepeats(), noRepeats()];
        all.forEach(([n, rows, parallel], at) =>
          addRepeat(parts[(at * 7 + seed) % 3]!, repeat(n, { parallel }), [parent(rows)]),
        );
        const merged = noRepeats();
        for (const part of parts.toReversed()) mergeRepeats(merged, part);
        const whole = noRepeats();
        for (const [n, rows, parallel] of all) addRepeat(whole, repeat(n, { parallel }), [parent(rows)]);
        expect(costOfRepeat(merged)).toEqual(costOfRepeat(whole));
        expect(judgeRepeat(shapeOf(CHILD), merged)).toEqual(judgeRepeat(shapeOf(CHILD), whole));
      }),
    );
  });

  test("no more parents than there is room for", () => {
    const sums = noRepeats();
    addRepeat(
      sums,
      repeat(5),
      range(20).map((at) => parent(at, `select ${at}`)),
    );
    expect(sums.parents).toHaveLength(6);
  });

  test("the cost: what all but one of them took, at the 95th percentile, within a fifth", () => {
    const sums = sumsOf(range(100).map((at) => [at <= 90 ? 2 : 11, at]));
    const { medianN, p95N, savedP95Us, affected, shareOfTime } = costOfRepeat(sums);
    expect({ medianN, affected, shareOfTime }).toEqual({ medianN: 2, affected: 10, shareOfTime: 0.5 });
    expect(p95N).toBeGreaterThanOrEqual(11);
    expect(savedP95Us).toBeGreaterThanOrEqual(10_000);
    expect(savedP95Us).toBeLessThan(12_000);
  });

  test("a bucket holds its values, and is a fifth wide at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (value) => {
        const top = topOfLogBucket(logBucketOf(value));
        expect(top).toBeGreaterThanOrEqual(value);
        expect(top).toBeLessThanOrEqual(value * 1.2 + 1);
        expect(logBucketOf(top)).toBe(logBucketOf(value));
      }),
    );
  });
});

describe("the shape of a statement", () => {
  test.each([
    ["select a from post where id = $1", { verb: "select", writes: false, table: "post", equals: ["id"], list: false }],
    [
      'SELECT "t0"."id" FROM "app"."Post" AS "t0" WHERE ("t0"."author_id" = $1 AND 1=1) LIMIT $2',
      { table: "Post", equals: ["author_id"] },
    ],
    ["select `a` from `db`.`post` where `id` = ? and shown = 1", { table: "post", equals: ["id", "shown"] }],
    ["select count(*) from (select id from post where author_id = ?) as sub", { table: "post", equals: ["author_id"] }],
    ["select * from generate_series(1, 3) where x = 1", { table: undefined }],
    ["select * from post where id in ($1,$2)", { list: true, equals: [] }],
    ["select * from post where id in ($1)", { list: false }],
    ["select * from post where id = any($1)", { list: true }],
    ["insert into visit(post_id) values ($1)", { verb: "insert", writes: true, table: "visit" }],
    [
      "/* hint */ update only post set a = 1 where id = 2",
      { verb: "update", writes: true, table: "post", equals: ["id"] },
    ],
    ["with gone as (delete from post where id = 1 returning id) select * from gone", { verb: "delete", writes: true }],
    ["(select 1)", { verb: "select", table: undefined }],
    ["", { verb: "", writes: false, table: undefined, equals: [], list: false }],
  ])("%s", (sql, shape) => {
    expect(shapeOf(sql)).toMatchObject(shape);
  });

  test("of any text, soon and without throwing", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof shapeOf(text).verb === "string"));
    for (const text of ["a".repeat(1e6), `select ${'"a".'.repeat(1e5)} = $1`, "where a = ".repeat(1e5)])
      expect(shapeOf(text).verb).toBeTypeOf("string");
  });
});
