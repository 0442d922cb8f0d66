import { afterEach, describe, expect, test } from "vitest";
import { killLog, logKill } from "@/lib/sdk/src/guard/kill-log";
import { QueryKilledError, wasKilled } from "@/lib/sdk/src/guard/killed";
import { recordOf } from "@/lib/sdk/src/guard/record";
import { session } from "./sessions";

const NOW_MS = Date.parse("2026-11-22T10:00:00Z");

afterEach(() => {
  Object.assign(killLog(), { guards: 0, kills: [] });
});

function killed(pid: number, agoMs = 100) {
  const about = { dialect: "postgresql" as const, rule: "over 20000 ms", at: new Date(NOW_MS).toISOString() };
  const record = recordOf(
    "cancel",
    session({ pid, text: "/*tf:route=GET%20%2Freport*/ SELECT 1" }),
    "over_limit",
    about,
  );
  logKill({ record, atMs: NOW_MS - agoMs });
  return record;
}

const canceled = (message = "canceling statement due to user request") =>
  Object.assign(new Error(message), { code: "57014" });
const prisma = (code: string, originalCode: string) =>
  Object.assign(new Error("Raw query failed"), {
    code,
    meta: { driverAdapterError: { cause: { originalCode, originalMessage: "x" } } },
  });

describe.each<[string, unknown, string]>([
  ["a cancel of pg", canceled(), "57014"],
  ["a terminate of pg", Object.assign(new Error("terminating"), { code: "57P01" }), "57P01"],
  ["Prisma's raw query", prisma("P2010", "57014"), "57014"],
  ["Prisma's model query", prisma("P2039", "57014"), "57014"],
  ["an error that wraps Prisma's", new Error("no report", { cause: prisma("P2039", "57P01") }), "57P01"],
  [
    "KILL QUERY of mysql2",
    Object.assign(new Error("interrupted"), { code: "ER_QUERY_INTERRUPTED", errno: 1317 }),
    "1317",
  ],
  ["Prisma's MariaDB", prisma("P2010", "1317"), "1317"],
])("%s", (_, error, code) => {
  test("is known, and by whom is not when no guard runs here", () => {
    const found = wasKilled(error, { nowMs: NOW_MS });
    expect(found).toBeInstanceOf(QueryKilledError);
    expect(found).toMatchObject({ code, by: "unknown", record: null, cause: error });
  });
});

test.each([
  ["nothing", undefined],
  ["a text", "57014"],
  ["another error", new Error("57014")],
  ["a broken rule", Object.assign(new Error("duplicate key"), { code: "23505" })],
  ["Prisma's others", prisma("P2010", "42601")],
])("%s is not one", (_, error) => {
  expect(wasKilled(error)).toBeUndefined();
});

test("an error that holds itself is looked into no deeper than need be", () => {
  const error: Error & { cause?: unknown } = new Error("round");
  error.cause = error;
  expect(wasKilled(error)).toBeUndefined();
});

test.each([
  ["MariaDB's max_statement_time", Object.assign(new Error("x"), { errno: 1969 })],
  ["MySQL's max_execution_time", Object.assign(new Error("x"), { errno: 3024 })],
  ["statement_timeout, where the server speaks English", canceled("canceling statement due to statement timeout")],
])("%s is a timeout, whatever guards there are", (_, error) => {
  killed(7);
  expect(wasKilled(error, { pid: 7, nowMs: NOW_MS })).toMatchObject({ by: "timeout", record: null });
});

test("a guard of this process is known by its record of the connection", () => {
  killLog().guards = 1;
  const record = killed(7);
  expect(wasKilled(canceled(), { pid: 7, nowMs: NOW_MS })).toMatchObject({ by: "guard", record });
  expect(wasKilled(canceled(), { pid: 7, nowMs: NOW_MS })?.message).toContain("GET /report");
  expect(wasKilled(canceled(), { pid: 8, nowMs: NOW_MS })).toMatchObject({ by: "other", record: null });
});

test("a record says nothing of a later statement of the same connection", () => {
  killLog().guards = 1;
  killed(7, 60_000);
  expect(wasKilled(canceled(), { pid: 7, nowMs: NOW_MS })?.by).toBe("other");
});

test("without the connection it is said only what is known", () => {
  killLog().guards = 1;
  expect(wasKilled(canceled(), { nowMs: NOW_MS })?.by).toBe("other");
  killed(7);
  expect(wasKilled(canceled(), { nowMs: NOW_MS })?.by).toBe("unknown");
});

test("what was found once stays what it is", () => {
  const found = wasKilled(canceled());
  expect(wasKilled(found)).toBe(found);
});
