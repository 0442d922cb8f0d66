import { describe, expect, test } from "vitest";
import { citusRefusals, tablesOf } from "@/test/support/citus-limits";

describe("refused", () => {
  test.each([
    ["WITH r AS (INSERT INTO batch_receipt (slot, id) SELECT $1, $2 RETURNING slot) SELECT * FROM r", "in WITH"],
    ["WITH r AS (DELETE FROM batch WHERE slot = $1 RETURNING id) SELECT count(*) FROM r", "in WITH"],
    ["SELECT id FROM batch ORDER BY received_at LIMIT 5 FOR UPDATE SKIP LOCKED", "FOR UPDATE"],
    [`SELECT "public"."batch"."id" FROM "public"."batch" WHERE id = $1 FOR SHARE`, "FOR UPDATE"],
    [
      "SELECT e.id, l.start FROM endpoint e LEFT JOIN LATERAL (SELECT max(start) AS start FROM endpoint_window_1m w WHERE w.endpoint_id = e.id) l ON TRUE",
      "LATERAL",
    ],
    [
      "SELECT e.id, (SELECT max(w.start) FROM endpoint_window_1m w WHERE w.endpoint_id = e.id) FROM endpoint e",
      "correlated",
    ],
    ["SELECT * FROM endpoint e WHERE EXISTS (SELECT 1 FROM user_window_1h u WHERE u.endpoint_id = e.id)", "correlated"],
    ["SELECT EXISTS (SELECT FROM user_label WHERE user_key = $1) AS known", "SELECT 1"],
    [`SELECT EXISTS (SELECT FROM "user_window_1h_20261122" WHERE NOT rolled)`, "SELECT 1"],
    [
      "SELECT endpoint_id, start, count(*) FROM user_window_1h GROUP BY GROUPING SETS ((endpoint_id), (start))",
      "GROUPING SETS",
    ],
    ["SELECT * FROM endpoint_window_1m a JOIN user_window_1m b ON a.start = b.start", "not on their distribution"],
    ["SELECT * FROM batch b, user_label u WHERE u.label = b.service", "not on their distribution"],
    ["UPDATE batch SET slot = 3 WHERE id = $1", "another slot"],
    [
      "INSERT INTO user_label AS l (service_id, user_key, label) VALUES ($1, $2, $3) ON CONFLICT (service_id, user_key) DO UPDATE SET user_key = 1",
      "another user_key",
    ],
    ["INSERT INTO endpoint_window_1m (start, part) VALUES ($1, $2)", "without endpoint_id"],
    ["INSERT INTO batch (slot, id) VALUES ($1, (SELECT max(id) FROM batch_receipt))", "subquery in the VALUES"],
    ["DELETE FROM batch WHERE received_at < clock_timestamp()", "clock_timestamp()"],
    ["UPDATE prefill_decision SET price = random() WHERE scope_id = $1", "random()"],
    ["DELETE FROM endpoint_window_1m WHERE extract(epoch FROM start) < $1", "extract()"],
    ["SELECT * FROM batch FULL JOIN batch_receipt USING (slot)", "FULL JOIN"],
    ["COPY (SELECT * FROM endpoint e, LATERAL (SELECT * FROM batch) b) TO STDOUT (FORMAT binary)", "LATERAL"],
    ["SELECT 1 FROM service UNION ALL (SELECT 1 FROM batch FOR UPDATE)", "FOR UPDATE"],
    ["SELECT * FROM (SELECT id FROM batch FOR UPDATE) AS b", "FOR UPDATE"],
  ])("%s", (sql, why) => {
    expect(citusRefusals(sql).join("; ")).toContain(why);
  });
});

describe("taken", () => {
  test.each([
    "SELECT id FROM alert_event WHERE fanned_at IS NULL FOR UPDATE SKIP LOCKED", // a local table
    "WITH r AS (UPDATE alert_delivery SET state = 'x' RETURNING id) SELECT * FROM r",
    "SELECT id FROM batch WHERE slot = $1::smallint FOR UPDATE SKIP LOCKED",
    "SELECT b.id FROM batch b WHERE $1 = b.slot FOR UPDATE",
    "SELECT endpoint_id, sum(octet_length(payload)) FROM user_window_1h WHERE NOT rolled GROUP BY 1 HAVING count(DISTINCT part) > 3 ORDER BY 2 LIMIT 10",
    "SELECT w.start FROM endpoint_window_1m w JOIN endpoint e ON e.id = w.endpoint_id WHERE e.total",
    "SELECT * FROM endpoint_window_1m a JOIN user_window_1m b ON b.endpoint_id = a.endpoint_id AND a.start = b.start",
    "DELETE FROM batch WHERE (slot, id) IN (SELECT * FROM unnest($1::smallint[], $2::uuid[]))",
    "DELETE FROM user_label WHERE (service_id, user_key) IN (SELECT service_id, user_key FROM user_label WHERE seen_on < $1 LIMIT 5)",
    "INSERT INTO user_label (service_id, user_key, label, seen_on) SELECT * FROM unnest($1::int[], $2::bigint[]) ON CONFLICT (service_id, user_key) DO UPDATE SET seen_on = excluded.seen_on WHERE user_label.seen_on < excluded.seen_on",
    "-- a script\nCREATE FUNCTION f() RETURNS void AS 'SELECT id FROM batch FOR UPDATE' LANGUAGE sql",
    "SELECT EXISTS (SELECT 1 FROM user_label WHERE user_key = $1) AS known",
    "SELECT 0 AS tier, payload FROM endpoint_window_10s WHERE endpoint_id = ANY($1) UNION ALL SELECT 1, payload FROM endpoint_window_1m WHERE NOT rolled ORDER BY 1",
    "WITH ended AS (SELECT * FROM prefill_decision WHERE scope_id = $1 LIMIT 5) SELECT definition_id, count(*) FROM ended GROUP BY GROUPING SETS ((definition_id), (signal))",
    "SELECT l.label FROM unnest($1::int[]) WITH ORDINALITY AS n (id, place) JOIN user_label l ON l.service_id = n.id",
  ])("%s", (sql) => {
    expect(citusRefusals(sql)).toEqual([]);
  });
});

test("tables are told with what is done to them", () => {
  expect(
    tablesOf("WITH a AS (SELECT 1 FROM service) INSERT INTO batch (slot) SELECT s.slot FROM batch_receipt s, a"),
  ).toEqual([
    { table: "batch", command: "insert" },
    { table: "batch_receipt", command: "select" },
    { table: "a", command: "select" },
    { table: "service", command: "select" },
  ]);
});
