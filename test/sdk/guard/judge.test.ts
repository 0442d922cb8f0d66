import { describe, expect, test } from "vitest";
import { judge } from "@/lib/sdk/src/guard/judge";
import type { PolicyOptions } from "@/lib/sdk/src/guard/policy";
import type { Session } from "@/lib/sdk/src/guard/session";
import { context, SELF, session } from "./sessions";

function judged(changes: Partial<Session>, options: PolicyOptions = {}) {
  const { policy, self, dialect } = context(options);
  const judgement = judge(session(changes), policy, self, dialect);
  return judgement.ours ? judgement.reason : "not ours";
}

test("a read of the own role over the limit is stopped", () => {
  expect(judged({})).toBe("over_limit");
  expect(judged({ ageMs: 20_001 })).toBe("over_limit");
});

test.each<[string, Partial<Session>]>([
  ["another role's", { role: "admin" }],
  ["of a role that may not be seen", { role: null }],
  ["in another database", { database: "billing" }],
  ["autovacuum", { backendType: "autovacuum worker" }],
  ["replication", { backendType: "walsender" }],
  ["a parallel worker", { backendType: "parallel worker" }],
  ["of a kind that may not be seen", { backendType: null }],
  ["idle", { state: "idle" }],
  ["idle in transaction", { state: "idle in transaction" }],
  ["in a state that may not be seen", { state: null }],
  ["the guard's own", { pid: SELF.pid }],
  ["at the limit", { ageMs: 20_000 }],
])("a statement %s is none of the guard's business", (_, changes) => {
  expect(judged(changes)).toBe("not ours");
});

test.each<[string, string, Partial<Session>]>([
  ["protected_application", "Prisma's migrations", { applicationName: "prisma migrate" }],
  ["protected_application", "others' migrations", { applicationName: "node-pg-migrate" }],
  ["protected_application", "Flyway", { applicationName: "Flyway by Redgate" }],
  ["protected_application", "pg_dump", { applicationName: "pg_dump" }],
  ["protected_application", "another guard's", { applicationName: "tailfill-guard" }],
  ["nokill", "what says so", { text: "/* nokill */ SELECT 1" }],
  ["nokill", "what says so anywhere", { text: "/*tf:route=x*/ SELECT 1 -- nokill: the yearly report" }],
  ["schema", "CREATE INDEX", { text: "CREATE INDEX CONCURRENTLY i ON t (a)" }],
  ["schema", "ALTER", { text: "alter table t add column a int" }],
  ["schema", "VACUUM", { text: "VACUUM (ANALYZE) t" }],
  ["schema", "ANALYZE", { text: "ANALYZE t" }],
  ["schema", "REINDEX", { text: "REINDEX TABLE t" }],
  ["schema", "CLUSTER", { text: "CLUSTER t" }],
  ["schema", "REFRESH", { text: "REFRESH MATERIALIZED VIEW v" }],
  ["schema", "a change of the schema behind a read", { text: "SELECT 1; DROP TABLE t" }],
  ["schema", "a change of the schema behind a comment", { text: "/*tf:route=x*/\n-- here\nTRUNCATE t" }],
  ["copy", "COPY", { text: "COPY (SELECT * FROM t) TO STDOUT" }],
  ["other", "a block", { text: "DO $$ BEGIN PERFORM 1; END $$" }],
  ["other", "a procedure", { text: "CALL nightly()" }],
  ["other", "a prepared name", { text: "EXECUTE report(1)" }],
  ["other", "a two-phase commit", { text: "COMMIT PREPARED 'a'" }],
  ["other", "nothing", { text: "" }],
  ["upkeep", "what the database reports progress of", { isUpkeep: true }],
  ["advisory_lock", "who holds an advisory lock", { hasAdvisoryLock: true }],
  ["waits_for_lock", "who waits", { waitsForLock: true, blockedBy: [7] }],
])("%s: %s is left alone, even when all is allowed", (reason, _, changes) => {
  expect(judged(changes, { includeWrites: true, apply: true, terminate: true })).toBe(reason);
});

describe.each<[string, Partial<Session>]>([
  ["INSERT", { text: "INSERT INTO t SELECT * FROM u" }],
  ["UPDATE", { text: "UPDATE t SET a = 1" }],
  ["DELETE within WITH", { text: "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone" }],
  ["SELECT INTO", { text: "SELECT * INTO u FROM t" }],
  ["FOR UPDATE", { text: "SELECT * FROM t FOR UPDATE" }],
  ["a read behind a write", { text: "UPDATE t SET a = 1; SELECT 1" }],
  ["a read whose transaction has written", { hasWritten: true }],
  ["WITH whose end was cut off", { text: "WITH a AS (SELECT 1", isCut: true }],
])("%s", (_, changes) => {
  test("is left alone by default", () => expect(judged(changes)).toBe("write"));
  test("is stopped when that is allowed", () => expect(judged(changes, { includeWrites: true })).toBe("over_limit"));
});

test.each([
  ["a string", "SELECT 'DELETE FROM t; DROP TABLE t'"],
  ["a dollar-quoted string", "SELECT $a$; DROP TABLE t$a$"],
  ["an escaped string", String.raw`SELECT E'\'; DROP TABLE t'`],
  ["a quoted name", 'SELECT "delete", "a;drop" FROM t'],
  ["a comment", "SELECT 1 /* DELETE /* nested */ DROP */ + 1"],
  ["a subselect in parentheses", "(SELECT 1) UNION (SELECT 2)"],
  ["a cut read", "SELECT 'half"],
])("%s does not hide what a read is", (_, text) => {
  expect(judged({ text, isCut: true })).toBe("over_limit");
});

test("with names of applications, only theirs are stopped", () => {
  const options = { applicationNames: ["shop", "jobs"] };
  expect(judged({ applicationName: "jobs" }, options)).toBe("over_limit");
  expect(judged({ applicationName: "psql" }, options)).toBe("application");
  expect(judged({ applicationName: null }, options)).toBe("application");
  expect(judged({ applicationName: "pg_dump" }, { applicationNames: ["pg_dump"] })).toBe("protected_application");
});
