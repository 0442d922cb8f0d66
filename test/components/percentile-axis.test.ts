import { describe, expect, test } from "vitest";
import { axisRows, latencyAt, percentileAt, reachOf } from "@/components/charts/axis-rows";
import { MOST_USERS, slotsOf, toggled } from "@/components/endpoint/use-chosen-users";
import type { PercentileAxis } from "@/lib/query/answers";

const point = (oneOver: number, latencyUs: number) => ({ q: 100 * (1 - 1 / oneOver), oneOver, latencyUs });
const axis: PercentileAxis = [point(1, 5), point(10, 50), point(100, 500), { q: 100, oneOver: 250, latencyUs: 900 }];
const line = (key: string, of: PercentileAxis) => ({ key, label: key, colour: "", axis: of });

describe("lines on the percentile axis", () => {
  test("reach as far as the longest, and at least to p90", () => {
    expect(reachOf([line("all", axis), line("few", axis.slice(0, 1))])).toBeCloseTo(Math.log10(250));
    expect(reachOf([line("one", axis.slice(0, 1))])).toBe(1);
    expect(reachOf([])).toBe(1);
  });

  test("have their points at the same places in one row", () =>
    expect(axisRows([line("all", axis.slice(0, 2)), line("u", [point(1, 7), point(4, 8)])])).toEqual([
      { x: 0, latency: { all: 5, u: 7 } },
      { x: Math.log10(4), latency: { u: 8 } },
      { x: 1, latency: { all: 50 } },
    ]));

  test.each([
    [0, 5],
    [0.5, 5],
    [1, 50],
    [2, 500],
    [2.4, 900],
    [2.5, null],
  ])("at %d read %s: beyond the slowest request they say nothing", (place, us) =>
    expect(latencyAt(line("all", axis), place)).toBe(us),
  );
  test("without a request say nothing", () => expect(latencyAt(line("none", []), 0)).toBeNull());

  test.each([
    [0, "p0"],
    [0.3, "p50"],
    [1, "p90"],
    [1.1, "p92.1"],
    [2, "p99"],
    [2.9, "p99.87"],
    [3, "p99.9"],
    [4, "p99.99"],
  ])("the place %d is %s", (place, name) => expect(percentileAt(place)).toBe(name));
});

describe("users chosen in the address", () => {
  test("keep their places, and so their looks, when another is taken out", () => {
    expect(toggled(["a", "b", "c"], "b")).toEqual(["a", "", "c"]);
    expect(toggled(["a", "", "c"], "d")).toEqual(["a", "d", "c"]);
    expect(toggled(["a", "", "c"], "c")).toEqual(["a"]);
    expect(toggled(["a"], "a")).toEqual([]);
  });
  test("are no more than can be told apart", () => {
    const all = Array.from({ length: MOST_USERS }, (_, i) => `u_${i}`);
    expect(toggled(all, "one more")).toEqual(all);
    expect(slotsOf([...all, "one more"])).toEqual(all);
  });
  test("count once each", () => expect(slotsOf(["a", "a", "", "b"])).toEqual(["a", "", "", "b"]));
});
