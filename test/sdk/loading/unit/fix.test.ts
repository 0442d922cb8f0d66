import { expect, test } from "vitest";
import { fixOf } from "@/lib/sdk/src/repeats/fix";

const fix = (fingerprint: string) =>
  fixOf({
    kind: "n_plus_one",
    text: fingerprint,
    fingerprint,
    op: undefined,
    parentOp: undefined,
    models: undefined,
  });

test.each([
  ["select name from author where id = ?", "select id, name from author where id = any($1)"],
  ["select id, name from author where id = ?", "select id, name from author where id = any($1)"],
  ["select * from author where id = ?", "select * from author where id = any($1)"],
  [
    "select name from author where id = ? and active = ?",
    "select id, name from author where id = any($1) and active = $2",
  ],
  [
    "select c.body from comment c where c.post_id = ? order by c.at desc limit ?",
    "select given.id, each.* from unnest($1::…[]) as given (id) cross join lateral (select c.body from comment c where c.post_id = given.id order by c.at desc limit $2) as each",
  ],
  [
    "select count(*) as n from comment where post_id = ?",
    "select post_id, count(*) as n from comment where post_id = any($1) group by post_id",
  ],
  ["select now()", "select now()   -- once, for all ids: … = any($1)"],
])("%s is written as %s", (statement, instead) => {
  expect(fix(statement)).toBe(instead);
});
