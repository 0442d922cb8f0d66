import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coarser } from "@/components/charts/coarser-heat";
import { toCsv } from "@/components/charts/figures";
import { gapsOf } from "@/components/charts/gaps";
import { momentAt, xOf } from "@/components/charts/geometry";
import { decadesIn, rowFromUs, rowOf, rowsInUse, rowsShown, shadeOf } from "@/components/charts/heat-paint";
import { extentOf, GHOST, ghostPercentile, latencyRows, thinPercentiles } from "@/components/charts/latency-rows";
import { readPercentile } from "@/components/charts/percentile-picker";
import { stepAt } from "@/components/charts/step-at";
import { groupsOf, highestOf } from "@/components/charts/thinned";
import { percentileColour } from "@/components/format/percentile";
import { firstsOf } from "@/components/overview/since-first";
import type { LatencyPoint, LatencySeries } from "@/lib/query/answers";

const START = Date.parse("2026-11-22T10:00:00Z");
const seriesOf = (...p99s: (number | null)[]): LatencySeries => ({
  stepSeconds: 60,
  points: p99s.map(
    (us, i) => ({ at: iso(START + i * 60_000), count: us === null ? 0 : 200, p99Us: us }) as LatencyPoint,
  ),
});
const iso = (ms: number) => new Date(ms).toISOString().replace(".000", "");

describe("gaps", () => {
  test("neighbours are one", () =>
    expect(gapsOf(seriesOf(1, null, null, 2, null))).toEqual([
      { fromMs: START + 60_000, toMs: START + 180_000 },
      { fromMs: START + 240_000, toMs: START + 300_000 },
    ]));
  test("a gap is null in its line and never nought", () =>
    expect(latencyRows(seriesOf(5, null), [99], null).map((row) => row.lines.p99)).toEqual([5, null]));
});

describe("steps that too few requests carry", () => {
  const counted = (...counts: number[]): LatencySeries => ({
    stepSeconds: 60,
    points: counts.map(
      (count, i) => ({ at: iso(START + i * 60_000), count, p99Us: count ? i + 1 : null }) as LatencyPoint,
    ),
  });
  const linesOf = (...counts: number[]) => {
    const rows = latencyRows(counted(...counts), [99], null);
    return { full: rows.map((row) => row.lines.p99), thin: rows.map((row) => row.thin.p99) };
  };
  test("are no part of the full line", () => expect(linesOf(100, 99, 0, 100).full).toEqual([1, null, null, 4]));
  test("lie on a line of their own that leads to their neighbours", () =>
    expect(linesOf(200, 200, 99, 200, 200).thin).toEqual([null, 2, 3, 4, null]));
  test("do not reach over a gap", () => expect(linesOf(200, 0, 5, 0, 200).thin).toEqual([null, null, 3, null, null]));
  test("count for the height of the axis", () =>
    expect(extentOf(latencyRows(counted(200, 5), [99], null), ["p99"])).toEqual({ lowest: 1, highest: 2 }));
  test.each([
    [[99], []],
    [[100, 0, 2_000], [99.9]],
    [[1], [50, 99, 99.9]],
  ])("of %j requests a step, %j are thin", (counts, thin) => {
    const wanted = counts[0] === 99 ? [50] : [50, 99, 99.9, 100];
    expect(thinPercentiles(counted(...counts), wanted)).toEqual(thin);
  });
});

describe("the period before", () => {
  test("lies under the step that is as far into its range", () => {
    const before = { series: seriesOf(7, 8, null), shiftMs: 86_400_000, percentile: 99 };
    before.series.points = before.series.points.map((p) => ({ ...p, at: iso(Date.parse(p.at) - 86_400_000) }));
    const rows = latencyRows(seriesOf(1, 2, 3), [99], before);
    expect(rows.map((row) => row.lines[GHOST] ?? null)).toEqual([7, 8, null]);
  });
  test.each([
    [[50, 95, 99, 99.9], 99],
    [[50, 75], 75],
    [[99.9], 99.9],
  ])("of %j shows p%d", (percentiles, q) => expect(ghostPercentile(percentiles)).toBe(q));
});

test("the axis holds every line that is shown", () => {
  const rows = latencyRows(seriesOf(5, null, 90), [99], null);
  expect(extentOf(rows, ["p99"])).toEqual({ lowest: 5, highest: 90 });
  expect(extentOf(rows, [])).toEqual({ lowest: 1_000, highest: 1_000 });
});

test("a place on a plot is a moment and back", () => {
  const range = { fromMs: START, toMs: START + 3_600_000 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: 200, max: 2_000 }), (into, width) => {
      expect(momentAt(xOf(START + into, range, width), range, width)).toBeCloseTo(START + into, -1);
    }),
  );
  expect(momentAt(-50, range, 800)).toBe(range.fromMs);
  expect(momentAt(9_999, range, 800)).toBe(range.toMs);
});

test("the step under a moment", () => {
  const { points } = seriesOf(1, 2, 3);
  const at = (atMs: number) => stepAt(points, (p) => Date.parse(p.at), { atMs, stepMs: 60_000 })?.p99Us;
  expect([at(START), at(START + 59_999), at(START + 60_000), at(START + 9e9), at(0)]).toEqual([1, 1, 2, 3, 1]);
  expect(stepAt([], () => 0, { atMs: 5, stepMs: 1 })).toBeUndefined();
});

describe("heat maps", () => {
  const map = (rows: number, columns: number, count: (row: number, column: number) => number) => ({
    stepSeconds: 10,
    rowsFromUs: Array.from({ length: rows }, (_, row) => 1_000 * 2 ** (row / 8)),
    columns: Array.from({ length: columns }, (_, c) => ({
      at: iso(START + c * 10_000),
      counts: Array.from({ length: rows }, (_, row) => count(row, c)),
    })),
  });

  test("made coarser lose no request", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 300 }), (rows, columns) => {
        const fine = map(rows, columns, (row, column) => (row * 7 + column * 3) % 5);
        const coarse = coarser(fine, { rows: 32, columns: 96 });
        const total = (m: typeof fine) => m.columns.flatMap((c) => c.counts).reduce((sum, n) => sum + n, 0);
        expect(total(coarse)).toBe(total(fine));
        expect(coarse.rowsFromUs.length).toBeLessThanOrEqual(32);
        expect(coarse.columns.length).toBeLessThanOrEqual(96);
      }),
    ));

  test("cells keep their place", () => {
    const coarse = coarser(
      map(4, 4, (row, column) => (row === 3 && column === 2 ? 9 : 0)),
      { rows: 2, columns: 2 },
    );
    expect(coarse.columns[1]).toEqual({ at: iso(START + 20_000), counts: [0, 9] });
    expect(coarse.stepSeconds).toBe(20);
  });

  test("a latency lies in its row", () => {
    const fine = map(16, 1, () => 1);
    expect(rowOf(fine, 1_000)).toBeCloseTo(0);
    expect(rowOf(fine, 2_000)).toBeCloseTo(8);
    expect(rowFromUs(fine, 20)).toBeCloseTo(1_000 * 2 ** 2.5);
  });

  test.each([
    ["one row", map(1, 3, () => 1), [1_000, 10_000]],
    ["5 and 6 ms", { ...map(3, 1, () => 1), rowsFromUs: [4_870, 5_312, 5_793] }, [1_000, 10_000]],
    [
      "one decade within",
      { ...map(9, 1, () => 1), rowsFromUs: map(9, 1, () => 1).rowsFromUs.map((us) => us * 0.8) },
      [100, 1_000, 10_000],
    ],
  ])("have two decades to read latencies by: %s", (_, narrow, decades) => {
    const rows = rowsShown(narrow);
    expect(decadesIn(narrow, rows)).toEqual(decades);
    const places = decades.map((us) => rowOf(narrow, us));
    expect(Math.min(...places.slice(1).map((place, at) => place - places[at]!))).toBeGreaterThan(20);
    expect(rows.every(Number.isInteger)).toBe(true);
  });

  test("wide ones show the rows in use and no more", () => {
    const wide = map(64, 1, (row) => (row < 50 ? 1 : 0));
    expect(rowsShown(wide)).toEqual(rowsInUse(wide));
  });

  test("a single request is seen beside a million, and no request is not", () => {
    expect(shadeOf(0, 1e6)).toBe(0);
    expect(shadeOf(1, 1e6)).toBeCloseTo(0.1);
    expect(shadeOf(1e6, 1e6)).toBe(1);
    expect(shadeOf(1, 1)).toBeCloseTo(0.1);
  });
});

describe("figures as CSV", () => {
  test.each([
    [["a,b", 'say "x"', null, 1.5], '"a,b","say ""x""",,1.5'],
    [["=1+1", "-2", "@x", "plain"], "'=1+1,'-2,'@x,plain"],
    [["two\nlines"], '"two\nlines"'],
  ])("%j", (row, line) => expect(toCsv({ columns: ["c"], rows: [row] })).toBe(`c\r\n${line}\r\n`));
});

describe("percentiles that are typed", () => {
  test.each([
    ["97.5", 97.5],
    ["p99,99", 99.99],
    [" 100 % ", 100],
    ["0", null],
    ["100.1", null],
    ["99.99999999", null],
    ["ninety", null],
    ["", null],
  ])("%s", (text, q) => expect(readPercentile(text)).toBe(q));

  test("have a colour on the ramp, the same for the same, deeper for the rarer", () => {
    expect([50, 95, 99, 99.9, 100].map(percentileColour)).toEqual([
      "var(--p50)",
      "var(--p95)",
      "var(--p99)",
      "var(--p999)",
      "var(--p999)",
    ]);
    expect(percentileColour(97)).toContain("var(--p99)");
    expect(new Set([75, 90, 97, 99.5].map(percentileColour)).size).toBe(4);
  });
});

test("what is drawn small keeps the worst of each stretch", () => {
  expect(groupsOf([1, 2, 3, 4, 5], 2)).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(groupsOf([], 3)).toEqual([]);
  expect([highestOf([null, 3, 9]), highestOf([null])]).toEqual([9, null]);
});

describe("small lines", () => {
  const range = { from: iso(START), to: iso(START + 600_000) };
  const asked = (coveredSeconds: number, counts: number[], trends: (number | null)[][]) =>
    firstsOf({
      range,
      coveredSeconds,
      series: { stepSeconds: 60, points: counts.map((count) => ({ count })) },
      endpoints: trends.map((trend) => ({ trend })),
    });
  const young = [0, 0, 0, 0, 0, 0, 0, 5, 0, 5];

  test("of a service younger than the range begin with its first request, all at once", () => {
    expect(asked(180, young, [[null, null, null, 9], [null, null, 7, null], [null]])).toEqual({ point: 7, trend: 2 });
  });
  test("of an older one have the whole range, its gaps too", () => {
    for (const covered of [540, 600]) expect(asked(covered, young, [[null, 9]])).toEqual({ point: 0, trend: 0 });
  });
  test("of nothing begin anywhere", () => expect(asked(0, [0, 0], [])).toEqual({ point: 0, trend: 0 }));
});
