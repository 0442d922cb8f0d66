import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, type Dialect } from "@/lib/sdk/src/database/fingerprint";
import { Generations } from "@/lib/sdk/src/database/generations";
import { statementId } from "@/lib/sdk/src/database/statement-id";

describe("fingerprint", () => {
  test.each([
    [
      `SELECT "id" FROM "User" WHERE "id" IN ($1,$2,$3) OFFSET $4`,
      `select "id" from "User" where "id" in (?) offset ?`,
    ],
    [`SELECT "id" FROM "User" WHERE "id" IN ($1) OFFSET $2`, `select "id" from "User" where "id" in (?) offset ?`],
    [`insert into t ("a", b) values ($1, DEFAULT), ($2, DEFAULT)`, `insert into t("a", b) values (?, default)`],
    [
      `select count(*) from t where a = 'it''s' and b = E'\\'x' and c = $$a'b$$`,
      `select count(*) from t where a = ? and b = ? and c = ?`,
    ],
    ["select $tag$ $$ '; $tag$, 0x1F, 1_000, 1.5e-3, .5", "select ?"],
    ["select 1 -- the 'first'\n, a - 1, b, -1", "select ?, a - ?, b, ?"],
    ["/* who: /* ada */ */ select a->>'k'", "select a ->> ?"],
    ["where a = any($1::int[]) and b in ($2::text, $3::text)", "where a = any(?::int[]) and b in (?)"],
    ["BEGIN;", "begin"],
    ["  ", ""],
    ["SELECT  *\n FROM t WHERE id=5", "select * from t where id = ?"],
    ["SELECT $1::int, 1.5e3, -1 from t1", "select ? from t1"],
    ["/*tf:route=x*/ SELECT a -- more\n+ 2", "select a + ?"],
    ["where id = ANY(ARRAY[1,2,3]) and b in ($1::uuid, $2::uuid)", "where id = any(array[?]) and b in (?)"],
    ["select 'never ended", "select ?"],
    ["select $cut$ never ended", "select ?"],
  ])("of %s", (text, expected) => {
    expect(fingerprint(text)).toBe(expected);
  });

  test("reads quotes as MySQL does", () => {
    const text = 'select `a` from `t` where b = "se\\"cret" and c = ? # of ada';
    expect(fingerprint(text, "mysql")).toBe("select `a` from `t` where b = ? and c = ?");
  });
});

const anyText = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
const SECRET = "secret";
const postgresValue = fc.oneof(
  fc.string().map((text) => `'${SECRET}${text.replaceAll("'", "''")}'`),
  fc.string().map((text) => `E'${SECRET}${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`),
  fc.string().map((text) => `$q1$${SECRET}${text.replaceAll("$", "")}$q1$`),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.nat(99).map((at) => `$${at + 1}`),
);
const mysqlValue = fc.oneof(
  fc.string().map((text) => `'${SECRET}${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`),
  fc.string().map((text) => `"${SECRET}${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`),
  fc.integer().map(String),
  fc.constant("?"),
);
const gap = fc.oneof(
  fc.constantFrom(" ", "\n", "\t  "),
  fc.string().map((text) => ` /* ${SECRET} ${text.replaceAll(/[*/]/g, "")} */ `),
  fc.string().map((text) => ` -- ${SECRET} ${text.replaceAll("\n", "")}\n`),
);

/** A statement with as many values as are given, and gaps of any kind between its parts. */
function statement(values: readonly string[], gaps: readonly string[]): string {
  const [first = "1", ...list] = values;
  const words = ["SELECT", "a.b", "FROM", "t", "WHERE", "c", "=", first, "AND", "d", "IN", "(", list.join(","), ")"];
  return words.map((word, at) => word + (gaps[at % gaps.length] ?? " ")).join("");
}

describe.each<[Dialect, fc.Arbitrary<string>]>([
  ["postgresql", postgresValue],
  ["mysql", mysqlValue],
])("for any values in %s", (dialect, value) => {
  const values = fc.array(value, { minLength: 2, maxLength: 40 });
  const gaps = fc.array(gap, { minLength: 1, maxLength: 14 });

  test("it is the same, and holds none of them", () => {
    fc.assert(
      fc.property(values, gaps, (some, between) => {
        const found = fingerprint(statement(some, between), dialect);
        expect(found).toBe("select a.b from t where c = ? and d in (?)");
      }),
    );
  });

  test("its own fingerprint is itself", () => {
    fc.assert(
      fc.property(values, gaps, (some, between) => {
        const once = fingerprint(statement(some, between), dialect);
        expect(fingerprint(once, dialect)).toBe(once);
      }),
    );
  });

  test("any text has one, which PostgreSQL can keep as text and which is short", () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      "`",
      "$",
      "$a$",
      "/*",
      "*/",
      "--",
      "\\",
      "E'",
      "\uD800",
      "(",
      "?",
      ", ",
      "1",
    );
    const texts = fc.array(fc.oneof(pieces, anyText), { maxLength: 60 });
    fc.assert(
      fc.property(texts, (parts) => {
        const found = fingerprint(parts.join(""), dialect);
        expect(found.length).toBeLessThanOrEqual(500);
        expect(found.isWellFormed()).toBe(true);
      }),
    );
  });
});

test("a statement with a list of any length costs no more than its beginning", () => {
  const long = `select 1 where a in (${Array.from({ length: 30_000 }, (_, at) => `$${at + 1}`).join(",")}) and '${SECRET}'`;
  expect(fingerprint(long)).toBe("select ? where a in (?");
  expect(fingerprint(long)).not.toContain(SECRET);
});

test("statements differ by their tables, columns and operators", () => {
  const texts = ["select a from t", "select b from t", 'select a from "T"', "select a from t where a < 1"];
  const others = ["select a from t where a > 1", "update t set a = 1", "select a from t limit 1"];
  expect(new Set([...texts, ...others].map((text) => fingerprint(text))).size).toBe(7);
});

test("what is known is bounded, and stays right", () => {
  const known = new Generations(1_000, (text) => fingerprint(text, "postgresql"));
  for (let at = 0; at < 5_000; at++) expect(known.of(`select ${at} from t${at % 7}`)).toBe(`select ? from t${at % 7}`);
  expect(known.size).toBeLessThanOrEqual(1_000);
});

test("a fingerprint has one id everywhere: the first 16 digits of its SHA-256", () => {
  // As `printf %s 'select ?' | sha256sum` has it.
  expect(statementId("select ?")).toBe("e1c71d1661ae46e0");
  expect(statementId(fingerprint("/*tf:op=a*/ SELECT  1"))).toBe(statementId(fingerprint("select $1")));
});

test("statements that differ in a name differ", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
  fc.assert(
    fc.property(name, name, (one, other) => {
      const of = (table: string) => fingerprint(`SELECT * FROM ${table} x`);
      expect(of(one) === of(other)).toBe(one === other);
    }),
  );
});
