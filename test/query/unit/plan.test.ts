import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  align,
  automaticStep,
  keptFrom,
  rangeBefore,
  segmentsOf,
  type Span,
  stepOf,
  stepsOf,
  widen,
} from "@/lib/query/plan";
import { ENDPOINT_TIERS, USER_TIERS } from "@/lib/store/tiers";

const NOW = Date.parse("2026-11-22T14:37:24.500Z") / 1_000;
const at = (text: string) => Date.parse(text) / 1_000;
const span = (from: string, to: string): Span => ({ fromSeconds: at(from), toSeconds: at(to) });
const text = ({ fromSeconds, toSeconds }: Span) =>
  `${new Date(fromSeconds * 1_000).toISOString().slice(0, 19)} ${new Date(toSeconds * 1_000).toISOString().slice(0, 19)}`;

describe("aligning a range outwards", () => {
  it.each([
    // asked, read: endpoints
    ["endpoint", "2026-11-22T13:37:24.5Z", "2026-11-22T14:37:24.5Z", "2026-11-22T13:37:20 2026-11-22T14:37:30"],
    ["endpoint", "2026-11-22T13:30:00Z", "2026-11-22T13:30:10Z", "2026-11-22T13:30:00 2026-11-22T13:30:10"],
    ["endpoint", "2026-11-21T14:37:24.5Z", "2026-11-22T14:37:24.5Z", "2026-11-21T14:37:20 2026-11-22T14:37:30"],
    ["endpoint", "2026-11-21T14:36:55Z", "2026-11-22T14:37:24.5Z", "2026-11-21T14:36:00 2026-11-22T14:37:30"],
    ["endpoint", "2026-11-20T10:10:10Z", "2026-11-20T10:10:20Z", "2026-11-20T10:10:00 2026-11-20T10:11:00"],
    ["endpoint", "2026-10-20T10:10:10Z", "2026-11-20T10:10:20Z", "2026-10-20T10:00:00 2026-11-20T10:11:00"],
    ["endpoint", "2026-10-20T10:10:10Z", "2026-10-20T10:10:11Z", "2026-10-20T10:00:00 2026-10-20T11:00:00"],
    ["endpoint", "2020-01-01T00:00:00Z", "2026-11-22T14:37:24.5Z", "2025-10-18T14:00:00 2026-11-22T14:37:30"],
    // users: minutes for 6 h, hours for 35 d, days for 400 d
    ["user", "2026-11-22T08:37:24.5Z", "2026-11-22T14:37:24.5Z", "2026-11-22T08:37:00 2026-11-22T14:38:00"],
    ["user", "2026-11-21T14:37:24.5Z", "2026-11-22T14:37:24.5Z", "2026-11-21T14:00:00 2026-11-22T14:38:00"],
    ["user", "2026-11-21T14:37:24.5Z", "2026-11-21T15:00:00Z", "2026-11-21T14:00:00 2026-11-21T15:00:00"],
    ["user", "2026-10-01T14:37:24.5Z", "2026-10-02T00:00:01Z", "2026-10-01T00:00:00 2026-10-03T00:00:00"],
  ])("%s %s – %s", (kind, from, to, read) => {
    const aligned = align(span(from, to), kind === "user" ? USER_TIERS : ENDPOINT_TIERS, NOW);
    expect(aligned && text(aligned)).toBe(read);
  });

  it("says that nothing is kept of a range before the oldest window", () => {
    expect(align(span("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"), ENDPOINT_TIERS, NOW)).toBeNull();
    expect(align({ fromSeconds: 0, toSeconds: NOW - 401 * 86_400 }, USER_TIERS, NOW)).toBeNull();
    expect(align({ fromSeconds: 0, toSeconds: NOW - 399 * 86_400 }, USER_TIERS, NOW)).not.toBeNull();
  });
});

describe("stretches by tier", () => {
  const shown = (range: Span, step?: number) =>
    segmentsOf(range, ENDPOINT_TIERS, step).map((s) => `${s.tier}: ${text(s).replaceAll("2026-11-", "")}`);

  it.each<[string, string, number | undefined, string[]]>([
    [
      "2026-11-22T13:37:20Z",
      "2026-11-22T14:37:30Z",
      undefined,
      [
        "0: 22T13:37:20 22T13:38:00",
        "1: 22T13:38:00 22T14:00:00",
        "1: 22T14:00:00 22T14:37:00",
        "0: 22T14:37:00 22T14:37:30",
      ],
    ],
    [
      "2026-11-21T14:37:20Z",
      "2026-11-22T14:00:00Z",
      undefined,
      ["0: 21T14:37:20 21T14:38:00", "1: 21T14:38:00 21T15:00:00", "2: 21T15:00:00 22T14:00:00"],
    ],
    ["2026-11-21T14:36:00Z", "2026-11-22T14:00:00Z", 300, ["1: 21T14:36:00 22T14:00:00"]],
    ["2026-11-22T13:37:20Z", "2026-11-22T14:37:30Z", 20, ["0: 22T13:37:20 22T14:37:30"]],
    ["2026-11-22T10:00:00Z", "2026-11-22T12:00:00Z", 7200, ["2: 22T10:00:00 22T12:00:00"]],
    ["2026-11-22T10:00:10Z", "2026-11-22T10:00:20Z", undefined, ["0: 22T10:00:10 22T10:00:20"]],
  ])("%s – %s by %s", (from, to, step, expected) => {
    const joined = shown(span(from, to), step);
    // Neighbours of one tier may be cut or not: only what they cover matters.
    expect(mergeNeighbours(joined)).toEqual(mergeNeighbours(expected));
  });

  it("covers any range exactly once, in order, with whole windows that are still kept and fit into a step", () => {
    const seconds = fc.integer({ min: 1, max: 399 * 86_400 });
    fc.assert(
      fc.property(seconds, seconds, fc.boolean(), fc.boolean(), (a, b, ofUsers, inSteps) => {
        fc.pre(a !== b);
        const tiers = ofUsers ? USER_TIERS : ENDPOINT_TIERS;
        const asked = { fromSeconds: NOW - Math.max(a, b), toSeconds: NOW - Math.min(a, b) };
        const range = align(asked, tiers, NOW)!;
        expect(range.fromSeconds).toBeLessThanOrEqual(asked.fromSeconds);
        expect(range.toSeconds).toBeGreaterThanOrEqual(asked.toSeconds);
        const step = inSteps ? stepOf(range, tiers, { nowSeconds: NOW }) : undefined;
        let next = range.fromSeconds;
        for (const { tier, fromSeconds, toSeconds } of segmentsOf(range, tiers, step)) {
          const { windowSeconds } = tiers[tier]!;
          expect(fromSeconds).toBe(next);
          expect(fromSeconds % windowSeconds).toBe(0);
          expect(toSeconds % windowSeconds).toBe(0);
          expect(fromSeconds).toBeGreaterThanOrEqual(keptFrom(tiers, tier, NOW));
          if (step !== undefined) expect(step % windowSeconds).toBe(0);
          next = toSeconds;
        }
        expect(next).toBe(range.toSeconds);
      }),
      { numRuns: 500 },
    );
  });
});

describe("steps", () => {
  it.each([
    [15 * 60, 10],
    [3_600, 20],
    [6 * 3_600, 120],
    [86_400, 300],
    [7 * 86_400, 3_600],
    [30 * 86_400, 10_800],
    [90 * 86_400, 43_200],
    [400 * 86_400, 172_800],
  ])("a range of %i s has steps of %i s", (length, step) => {
    expect(automaticStep(length)).toBe(step);
    expect(length / step).toBeGreaterThanOrEqual(60);
  });

  it("rounds a step up to a window that is still kept at the range's start", () => {
    const recent = span("2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z");
    const older = span("2026-11-18T13:00:00Z", "2026-11-18T14:00:00Z");
    const oldest = span("2026-09-18T13:00:00Z", "2026-09-18T14:00:00Z");
    const wish = { nowSeconds: NOW, stepSeconds: 15 };
    expect(stepOf(recent, ENDPOINT_TIERS, wish)).toBe(20);
    expect(stepOf(older, ENDPOINT_TIERS, wish)).toBe(60);
    expect(stepOf(oldest, ENDPOINT_TIERS, wish)).toBe(3_600);
  });

  it("has as many steps as cover the range", () => {
    expect(stepsOf({ fromSeconds: 130, toSeconds: 310 }, 60)).toEqual({ stepSeconds: 60, firstSeconds: 120, count: 4 });
    expect(stepsOf({ fromSeconds: 120, toSeconds: 300 }, 60)).toEqual({ stepSeconds: 60, firstSeconds: 120, count: 3 });
  });

  it("widens only a range that moves with the clock, to a whole first step", () => {
    const asked = { fromSeconds: NOW - 86_400, toSeconds: NOW };
    expect(widen({ ...asked, movesWithClock: true }).fromSeconds).toBe(at("2026-11-21T14:35:00Z"));
    expect(widen({ ...asked, movesWithClock: false })).toEqual(asked);
  });
});

describe("the range to compare with", () => {
  const range = span("2026-11-22T10:00:00Z", "2026-11-22T11:00:10Z");
  it.each([
    ["before", "2026-11-22T08:59:40 2026-11-22T09:59:50"],
    ["day", "2026-11-21T10:00:00 2026-11-21T11:00:10"],
    ["week", "2026-11-15T10:00:00 2026-11-15T11:00:10"],
  ] as const)("%s", (compare, expected) => {
    expect(text(rangeBefore(range, compare, 20))).toBe(expected);
  });
});

function mergeNeighbours(stretches: string[]): string[] {
  const merged: string[] = [];
  for (const stretch of stretches) {
    const [tier, from, to] = stretch.split(" ");
    const last = merged.at(-1)?.split(" ");
    if (last && last[0] === tier && last[2] === from) merged[merged.length - 1] = `${tier} ${last[1]} ${to}`;
    else merged.push(stretch);
  }
  return merged;
}
