import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HIGHEST_US, newCounts, percentile } from "@/lib/histogram";
import { hgrmText, percentileAxis } from "@/lib/histogram/interchange";
import { latencies } from "@/bench/samples";
import { countsOf, peer } from "./oracle.ts";

describe("the percentile axis", () => {
  it("rises from p0 to p100, and agrees with the percentiles that are answered elsewhere", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: HIGHEST_US }), { minLength: 1, maxLength: 80 }), (samples) => {
        const counts = countsOf(samples);
        const points = percentileAxis(counts);
        expect(points[0]).toMatchObject({ percentile: 0, axis: 1 });
        expect(points.at(-1)).toEqual({
          percentile: 100,
          valueUs: percentile(counts, 100),
          count: samples.length,
          axis: null,
        });
        for (const [at, point] of points.entries()) {
          if (at > 0) expect(point.valueUs).toBeGreaterThanOrEqual(points[at - 1]!.valueUs);
          if (at > 0) expect(point.valueUs).toBe(percentile(counts, point.percentile));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("puts p90, p99 and p99.9 at 10, 100 and 1,000", () => {
    const points = percentileAxis(countsOf(latencies(50_000)), 1);
    for (const { percentile: q, axis } of points.slice(0, -1)) expect(axis).toBeCloseTo(1 / (1 - q / 100), 6);
    expect(points.some(({ axis }) => axis !== null && axis > 1000)).toBe(true);
  });

  it("is empty without samples", () => {
    expect(percentileAxis(newCounts())).toEqual([]);
  });
});

describe("a .hgrm text", () => {
  it("is what hdr-histogram-js writes for the same samples", () => {
    const samples = latencies(10_000);
    const withoutMax = (text: string) => text.replace(/^#\[Max.*$/m, "");
    expect(withoutMax(hgrmText(countsOf(samples), 1000))).toBe(
      withoutMax(peer(samples).outputPercentileDistribution(5, 1000)),
    );
  });
});
