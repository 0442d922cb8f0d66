import fc from "fast-check";
import { expect, test } from "vitest";
import { commented } from "@/lib/sdk/src/database/comment";
import { fingerprint } from "@/lib/sdk/src/database/fingerprint";

test("says route and op, percent-encoded, in front", () => {
  expect(commented("select 1", "GET /users/:id", "User.findMany")).toBe(
    "/*tf:route=GET%20%2Fusers%2F%3Aid,op=User.findMany*/ select 1",
  );
});

test.each([
  [undefined, "User.findMany", "/*tf:op=User.findMany*/ select 1"],
  ["JOB mail", undefined, "/*tf:route=JOB%20mail*/ select 1"],
  [undefined, undefined, "select 1"],
])("says what is known: %s, %s", (endpoint, op, expected) => {
  expect(commented("select 1", endpoint, op)).toBe(expected);
});

test.each(["", "  \n", "/*+ SeqScan(t) */ select 1", " -- a\nselect 1", "/*tf:op=a*/ select 1"])(
  "leaves what is empty or begins with a comment as it is: %j",
  (text) => {
    expect(commented(text, "GET /", "User.findMany")).toBe(text);
  },
);

test("whatever the names are, it is one comment, without anything that a driver or a database would read", () => {
  const anyText = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
  const name = fc.oneof(anyText, fc.constantFrom("*/ drop table t; --", "$1 ? :a 'b' \"c\"", "\uD800"));
  fc.assert(
    fc.property(name, name, (endpoint, op) => {
      const text = commented("select a from t", endpoint, op);
      expect(text).toMatch(/^\/\*tf:route=[\w.~%-]*,op=[\w.~%-]*\*\/ select a from t$/);
      expect(fingerprint(text)).toBe("select a from t");
    }),
  );
});

test("it can be read back, as far as it is short", () => {
  const read = (text: string) => decodeURIComponent(/route=([^,]*),/.exec(text)?.[1] ?? "");
  expect(read(commented("select 1", "GET /~a-b/(x|y)/*!é", "a"))).toBe("GET /~a-b/(x|y)/*!é");
  expect(read(commented("select 1", "x".repeat(5_000), "a"))).toBe("x".repeat(200));
});
