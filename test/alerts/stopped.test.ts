import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateStopped } from "@/lib/alerts/evaluate-stopped";
import { unlessBlind } from "@/lib/alerts/judge";
import { parseRule, type RuleOf } from "@/lib/alerts/rule";
import { stoppedWords } from "@/lib/alerts/stopped-words";
import { statementsOf, StoppedQueries, type StoppedQuery } from "@/lib/query/stopped-queries";
import type { Signal } from "@/lib/store/insight-signals";
import { MINUTE, SECOND, T0 } from "./support.ts";

const rule = (own: object = {}) =>
  parseRule({
    kind: "stopped_queries",
    name: "stopped",
    service: "shop",
    environment: "production",
    ...own,
  }) as RuleOf<"stopped_queries">;
const one = (atMs: number, over: Partial<StoppedQuery> = {}): StoppedQuery => ({
  atMs,
  action: "cancel",
  ageMs: 21_274,
  endpoint: "GET /report",
  statementId: "00000000000000aa",
  statement: "select ?",
  ...over,
});
const signal = (atMs: number, over: Partial<Signal> = {}): Signal => ({
  ...one(atMs),
  scopeId: 1,
  pid: 7,
  ...over,
});

describe("what a rule says", () => {
  test.each([
    [{}, { told: false, count: 0 }, "no_data", null],
    [{}, { told: true, count: 0 }, "ok", 0],
    [{}, { told: true, count: 1 }, "breach", 1],
    [{ thresholdCount: 3 }, { told: true, count: 2 }, "ok", 2],
    [{ thresholdCount: 3 }, { told: true, count: 3 }, "breach", 3],
    [{ thresholdCount: 3 }, { told: true, count: 4 }, "breach", 4],
  ] as const)("%j of %j", (own, seen, verdict, value) => {
    const last = seen.count === 0 ? [] : [one(T0)];
    const said = evaluateStopped(rule(own), { ...seen, last });
    const { thresholdCount: threshold, windowSeconds } = rule(own);
    expect(said).toMatchObject({
      verdict,
      observed: { value, threshold, unit: "queries", count: 0, windowSeconds, stopped: last },
    });
  });

  test("why: no guard has told of anything, or which statement it was", () => {
    expect(evaluateStopped(rule(), { told: false, count: 0, last: [] }).why).toBe(
      "no query guard has told of anything yet",
    );
    expect(evaluateStopped(rule(), { told: true, count: 1, last: [one(T0)] }).why).toBe(
      "the last: GET /report: select ? (cancelled after 21.3 s)",
    );
  });

  test.each([
    ["ok", "could_not_ask"],
    ["no_data", "could_not_ask"],
    ["breach", "breach"],
  ] as const)("while tailfill was away, %s is %s", (verdict, said) => {
    const blind = [{ fromMs: T0 - 4 * MINUTE, toMs: T0 - 3 * MINUTE }];
    expect(unlessBlind(rule(), { verdict, observed: null }, { blind, atMs: T0 }).verdict).toBe(said);
    const before = [{ fromMs: T0 - 60 * MINUTE, toMs: T0 - 50 * MINUTE }];
    expect(unlessBlind(rule(), { verdict, observed: null }, { blind: before, atMs: T0 }).verdict).toBe(verdict);
  });
});

describe("in words", () => {
  const other = "a statement that the guard did not see";
  test.each([
    [{ action: "terminate" }, "GET /report: select ? (connection closed after 21.3 s)"],
    [{ action: "would_cancel" }, "GET /report: select ? (a dry run would have cancelled it after 21.3 s)"],
    [{ endpoint: null, ageMs: null }, "no endpoint: select ? (cancelled)"],
    [{ statement: null }, "GET /report: statement 00000000000000aa (cancelled after 21.3 s)"],
    [{ statement: null, statementId: null }, `GET /report: ${other} (cancelled after 21.3 s)`],
    [{ statement: "select\n  a" }, "GET /report: select a (cancelled after 21.3 s)"],
    [{ statement: "🐌".repeat(101) }, `GET /report: ${"🐌".repeat(49)}… (cancelled after 21.3 s)`],
  ] as const)("%j", (over, words) => expect(stoppedWords(one(T0, over))).toBe(words));
});

describe("statements by their signals", () => {
  const counted = (...signals: Signal[]) => statementsOf(signals).map(({ atMs, action }) => [atMs - T0, action]);

  test.each([
    ["one that heeds neither is one, stopped when it was cancelled", [{}, { action: "terminate" }], [[0, "terminate"]]],
    ["a terminate alone counts", [{ action: "terminate" }], [[0, "terminate"]]],
    ["each cancel is a statement of its own", [{}, {}], [[0, "cancel"], [1, "cancel"]]], // prettier-ignore
    ["of another connection", [{}, { action: "terminate", pid: 8 }], [[0, "cancel"], [1, "terminate"]]], // prettier-ignore
    ["of another statement", [{}, { action: "terminate", statementId: "b" }], [[0, "cancel"], [1, "terminate"]]], // prettier-ignore
    ["a terminate belongs to the cancel before it alone", [{}, { action: "terminate" }, { action: "terminate" }], [[0, "terminate"], [2, "terminate"]]], // prettier-ignore
    ["a dry run beside it changes nothing", [{}, { action: "would_cancel" }, { action: "terminate" }], [[0, "terminate"], [1, "would_cancel"]]], // prettier-ignore
  ] as [string, Partial<Signal>[], [number, string][]][])("%s", (_, given, expected) => {
    expect(counted(...given.map((over, place) => signal(T0 + place, over)))).toEqual(expected);
  });
});

describe("a moment of a stretch", () => {
  const whole = { endpoint: null, includeDryRuns: false, windowSeconds: 300, atMs: T0 };
  const seen = (stopped: StoppedQuery[], ask: object = {}) =>
    new StoppedQueries(T0 - 1, stopped).at({ ...whole, ...ask });

  test.each([
    [T0 - 300 * SECOND - 1, 0],
    [T0 - 300 * SECOND, 1],
    [T0 - 1, 1],
    [T0, 0],
  ])("%d is in the window before T0: %d", (atMs, count) => expect(seen([one(atMs)]).count).toBe(count));

  test("a guard had told of something, or not yet", () => {
    const told = (firstToldMs: number | null) => new StoppedQueries(firstToldMs, []).at(whole).told;
    expect([told(null), told(T0), told(T0 - 1)]).toEqual([false, false, true]);
  });

  test("an endpoint has what names it, cut as statements name it; the service has all", () => {
    const long = { method: "GET", route: `/${"x".repeat(300)}` };
    const cut = `GET /${"x".repeat(300)}`.slice(0, 256);
    const stopped = [one(T0 - 3), one(T0 - 2, { endpoint: null }), one(T0 - 1, { endpoint: cut })];
    expect(seen(stopped).count).toBe(3);
    expect(seen(stopped, { endpoint: { method: "GET", route: "/report" } }).count).toBe(1);
    expect(seen(stopped, { endpoint: long }).last).toEqual([stopped[2]]);
    expect(seen(stopped, { endpoint: { method: "GET", route: "/other" } })).toMatchObject({ count: 0, last: [] });
  });

  test("dry runs count where the rule says so", () => {
    const stopped = [one(T0 - 2, { action: "would_cancel" }), one(T0 - 1)];
    expect([seen(stopped).count, seen(stopped, { includeDryRuns: true }).count]).toEqual([1, 2]);
  });

  test("the last five, the last first, and how many there were: as counting one by one", () => {
    const times = fc.array(fc.integer({ min: -400, max: 50 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, (seconds) => {
        const stopped = seconds.sort((a, b) => a - b).map((at) => one(T0 + at * SECOND));
        const inside = stopped.filter(({ atMs }) => atMs >= T0 - 300 * SECOND && atMs < T0);
        const { count, last } = seen(stopped);
        expect(count).toBe(inside.length);
        expect(last).toEqual(inside.toReversed().slice(0, 5));
      }),
    );
  });
});
