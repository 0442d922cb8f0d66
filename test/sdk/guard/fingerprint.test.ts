import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributionOf } from "@/lib/sdk/src/guard/attribution";
import { fingerprint } from "@/lib/sdk/src/guard/fingerprint";
import { tokensOf, type Dialect } from "@/lib/sdk/src/guard/tokens";

const DIALECTS: Dialect[] = ["postgresql", "mysql"];

test.each<[string, string]>([
  ["SELECT  *\n FROM t WHERE id=5", "select * from t where id = ?"],
  ["SELECT $1::int, 'it''s', E'a\\'b', $q$x$q$, 1.5e3, -1", "select ?::int, ?, ?, ?, ?, ?"],
  ["select a-1 from t1", "select a - ? from t1"],
  ['SELECT "public"."User"."id" FROM "public"."User"', 'select "public"."User"."id" from "public"."User"'],
  ["/*tf:route=x*/ SELECT 1 -- more\n+ 2", "select ? + ?"],
  ["SELECT * FROM t WHERE id IN ($1,$2, $3)", "select * from t where id in (?)"],
  ["SELECT * FROM t WHERE id = ANY(ARRAY[1,2,3])", "select * from t where id = any (array [?])"],
  ["SELECT * FROM t WHERE id IN ($1::uuid, $2::uuid)", "select * from t where id in (?)"],
  ["INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')", "insert into t (a, b) values (?)"],
  ["SELECT 'cut in the mid", "select ?"],
  ["", ""],
])("PostgreSQL: %s", (sql, expected) => {
  expect(fingerprint(sql, "postgresql")).toBe(expected);
});

test("MySQL: double quotes are strings, backslashes escape, # is a comment", () => {
  expect(fingerprint("SELECT `a b`, \"x\", 'it\\'s', ? # note\nFROM t", "mysql")).toBe("select `a b`, ?, ?, ? from t");
});

const SECRET = "s3cr3t";
const textLiteral = fc.string().map((text) => `'${text.replaceAll("'", "''").replaceAll("\\", "")}${SECRET}'`);
const numberLiteral = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value));
const literal = fc.oneof(textLiteral, numberLiteral);
const space = fc
  .array(fc.constantFrom(" ", "\n", "\t", " /* note 's */ ", " -- x 'y\n"), { minLength: 1, maxLength: 4 })
  .map((all) => ` ${all.join("")}`);

describe.each(DIALECTS)("on %s", (dialect) => {
  test("values, the length of lists and white space make no difference, and no value is left", () => {
    const one = fc.tuple(literal, fc.array(literal, { minLength: 1, maxLength: 40 }), space);
    const of = ([value, list, gap]: [string, string[], string]) =>
      fingerprint(
        `SELECT${gap}a1 FROM${gap}t WHERE b =${gap}${value}${gap}AND c IN (${list.join(`,${gap}`)})`,
        dialect,
      );
    fc.assert(
      fc.property(one, (parts) => {
        expect(of(parts)).toBe("select a1 from t where b = ? and c in (?)");
      }),
    );
  });

  test("statements that differ in a name differ", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        const of = (table: string) => fingerprint(`SELECT * FROM ${table} x`, dialect);
        expect(of(one) === of(other)).toBe(one === other);
      }),
    );
  });

  test("any text is taken, and none of it lost", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("'", '"', "`", "$$", "$a$", "/*", "*/", "--", "\\", "E'", "(?", "1", "-"),
    );
    const sql = fc.array(piece, { maxLength: 12 }).map((all) => all.join(""));
    fc.assert(
      fc.property(sql, (text) => {
        const tokens = tokensOf(text, dialect);
        expect(
          tokens
            .map((token) => token.text)
            .join("")
            .replaceAll(/\s/g, ""),
        ).toBe(text.replaceAll(/\s/g, ""));
        expect(fingerprint(text, dialect).length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a fingerprint of a fingerprint is the same", () => {
    const word = fc.constantFrom(
      "select",
      "a",
      "t1",
      "from",
      "where",
      "=",
      "in",
      "(",
      ")",
      ",",
      "1",
      "'x'",
      "-",
      "::",
      ".",
      "[",
      "]",
      "$1",
      "values",
      ">=",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const once = fingerprint(words.join(" "), dialect);
        expect(fingerprint(once, dialect)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a long statement takes no more than its length in time", () => {
    const list = Array.from({ length: 20_000 }, (_, index) => `'${index}'`).join(", ");
    expect(fingerprint(`SELECT * FROM t WHERE id IN (${list})`, dialect)).toBe("select * from t where id in (?)");
    expect(fingerprint("(".repeat(60_000), dialect)).toHaveLength(500);
  });
});

test.each<[string, ReturnType<typeof attributionOf>]>([
  [
    "/*tf:route=GET%20%2Fusers%2F%3Aid,op=comment.count*/ SELECT 1",
    { endpoint: "GET /users/:id", op: "comment.count" },
  ],
  ["  /* tf:op=a , route=b */ SELECT 1", { endpoint: "b", op: "a" }],
  ["SELECT 1 /*tf:route=late*/", { endpoint: null, op: null }],
  ["SELECT 1", { endpoint: null, op: null }],
  ["/*tf:route=%E0%A4%A*/ SELECT 1", { endpoint: null, op: null }],
  ["/*tf:route=,op*/ SELECT 1", { endpoint: null, op: null }],
  ["/*tf:route=cut", { endpoint: null, op: null }],
])("where %s comes from", (sql, expected) => {
  expect(attributionOf(sql)).toEqual(expected);
});
