import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closedUntil } from "@/lib/query/closed";
import { matchesGlob } from "@/lib/alerts/glob";
import { isMaintained, type Maintenance, matches, mutedBy } from "@/lib/alerts/mute";
import { seenOf } from "@/lib/alerts/seen";
import { subjectsOf } from "@/lib/alerts/subject";
import { parseRule } from "@/lib/alerts/rule";
import { uuid7 } from "@/lib/store/uuid7";
import { HOUR, MINUTE, T0 } from "./support.ts";

describe("globs", () => {
  test.each([
    ["GET /api/*", "GET /api/users", true],
    ["GET /api/*", "GET /apis", false],
    ["*", "", true],
    ["*/users/*", "GET /users/:id", true],
    ["GET /a*b*c", "GET /a-b-b-c", true],
    ["a*a", "a", false],
    ["a*ba", "aba", true],
    ["[a-z]+", "abc", false],
    ["[a-z]+", "[a-z]+", true],
    ["", "x", false],
  ])("%j on %j: %s", (pattern, text, expected) => expect(matchesGlob(pattern, text)).toBe(expected));

  test("agree with the regular expression that they stand for", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(piece, text, (pattern, value) => {
        expect(matchesGlob(pattern, value)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test("no pattern makes it slow", () => {
    const started = performance.now();
    matchesGlob(`${"*a".repeat(5_000)}b`, "a".repeat(10_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("closed windows", () => {
  const at = (seconds: number) => T0 + seconds * 1_000;
  test.each([
    ["a window is closed ten seconds after its end", 10, null, 0],
    ["and not before", 9.999, null, -10],
    ["the last whole window counts", 29.9, null, 10],
    ["batches that wait hold it back", 60, at(31), 20],
    ["those that came in just now do not", 60, at(59.9), 40],
    ["nor do those of a clock that is ahead", 60, at(300), 50],
  ])("%s", (_, now, oldest, end) => {
    expect((closedUntil(at(now), oldest) - T0) / 1_000).toBe(end);
  });
});

describe("silences and maintenance", () => {
  const about = { service: "shop", environment: "production", endpointId: 7, method: "GET", route: "/feed" };
  test.each([
    [{ service: "shop" }, true],
    [{ service: "sh*", environment: "prod*" }, true],
    [{ service: "shop", environment: "staging" }, false],
    [{ rule: "feed *" }, true],
    [{ rule: "feed" }, false],
    [{ endpoint: "GET /feed" }, true],
    [{ endpoint: "POST *" }, false],
    [{ user: "*" }, false],
  ])("%j: %s", (matcher, expected) => expect(matches(matcher, "feed is slow", about)).toBe(expected));

  test("a pattern of endpoints matches no series about a service", () => {
    expect(matches({ endpoint: "*" }, "r", { service: "shop", environment: "production", endpointId: 1 })).toBe(false);
  });

  const weekly: Maintenance = {
    id: "m",
    name: "sunday",
    matcher: {},
    repeats: "weekly",
    untilMs: null,
    fromMs: T0,
    toMs: T0 + 2 * HOUR,
  };
  const WEEK = 7 * 24 * HOUR;
  test.each([
    [weekly, -1, false],
    [weekly, 0, true],
    [weekly, 2 * HOUR - 1, true],
    [weekly, 2 * HOUR, false],
    [weekly, 3 * WEEK + HOUR, true],
    [weekly, 3 * WEEK - 1, false],
    [{ ...weekly, untilMs: T0 + 2 * WEEK }, 2 * WEEK + HOUR, true],
    [{ ...weekly, untilMs: T0 + 2 * WEEK }, 3 * WEEK + HOUR, false],
    [{ ...weekly, repeats: "daily" }, 24 * HOUR + MINUTE, true],
    [{ ...weekly, repeats: "once" }, WEEK + HOUR, false],
    [{ ...weekly, repeats: "once" }, HOUR, true],
  ] as [Maintenance, number, boolean][])("%# maintenance after %d ms: %s", (window, afterMs, expected) => {
    expect(isMaintained(window, T0 + afterMs)).toBe(expected);
  });

  test("says what mutes, while it does", () => {
    const silence = { id: "s", matcher: { service: "shop" }, reason: "a release", fromMs: T0, toMs: T0 + HOUR };
    const by = (atMs: number) =>
      mutedBy({ silences: [silence], maintenance: [weekly] }, { ruleName: "r", about }, atMs);
    expect([by(T0), by(T0 + HOUR), by(T0 + 2 * HOUR)]).toEqual(["silence: a release", "maintenance: sunday", null]);
  });
});

describe("what a rule is about", () => {
  const catalog = [
    { method: "", route: "", total: true },
    { method: "GET", route: "/feed", total: false },
    { method: "GET", route: "/api/a", total: false },
    { method: "GET", route: "/api/b", total: false },
    { method: "GET", route: "/feed", total: false, service: "other" },
    { method: "GET", route: "/feed", total: false, environment: "staging" },
  ].map((one, id) => ({ id: id + 1, serviceId: 1, service: "shop", environment: "production", ...one }));
  const keys = (own: object) =>
    subjectsOf(parseRule({ name: "r", service: "shop", environment: "production", ...own }), catalog).map(
      ({ key }) => key,
    );
  const percentile = { kind: "percentile", percentile: 99, thresholdUs: 1 };

  test.each([
    [percentile, ["service"]],
    [{ ...percentile, endpoint: { method: "GET", route: "/feed" } }, ["endpoint 2"]],
    [{ ...percentile, endpoints: "GET /api/*" }, ["endpoint 3", "endpoint 4"]],
    [{ ...percentile, endpoint: { method: "GET", route: "/gone" } }, []],
    [{ kind: "burn_rate", objective: 0.99 }, ["service page", "service ticket"]],
    [{ kind: "prefill", about: "harm" }, ["service"]],
    [{ kind: "stopped_queries" }, ["service"]],
    [{ kind: "stopped_queries", endpoints: "GET /api/*" }, ["endpoint 3", "endpoint 4"]],
  ])("%j", (own, expected) => expect(keys(own)).toEqual(expected));
});

test("what was seen has names that say what it is", () => {
  const us = { value: 9, threshold: 5, unit: "us", count: 3, windowSeconds: 60, percentile: 99 } as const;
  expect(seenOf(us)).toEqual({ percentile: 99, valueUs: 9, thresholdUs: 5, count: 3, windowSeconds: 60 });
  const { percentile: _, ...rest } = us;
  expect(seenOf({ ...rest, unit: "requests", baseline: 7, threshold: 3.5 })).toMatchObject({
    valueCount: 9,
    thresholdCount: 3.5,
    baselineCount: 7,
  });
  expect(seenOf({ value: 2, threshold: 1, unit: "queries", count: 0, windowSeconds: 300, stopped: [] })).toEqual({
    valueQueries: 2,
    thresholdQueries: 1,
    count: 0,
    windowSeconds: 300,
  });
});

test("ids sort by time, and are of version 7", () => {
  const ids = [1, 2, 3].map((n) => uuid7(T0 + n));
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(ids[0]!.replaceAll("-", "").slice(0, 12), 16)).toBe(T0 + 1);
});
