import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributionOf } from "@/lib/sdk/src/guard/attribution";
import type { Dialect } from "@/lib/sdk/src/database/fingerprint";
import { tokensOf } from "@/lib/sdk/src/guard/tokens";

const DIALECTS: Dialect[] = ["postgresql", "mysql"];

describe.each(DIALECTS)("on %s", (dialect) => {
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
      }),
      { numRuns: 1_000 },
    );
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
