import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  highestAt,
  HIGHEST_US,
  indexOf,
  isThin,
  lowestAt,
  maxOf,
  middleAt,
  minOf,
  newCounts,
  percentile,
  percentiles,
  timeBeyondUs,
  totalOf,
} from "@/lib/histogram";
import { latencies, shapes } from "@/bench/samples";
import { countsOf, exactPercentile, peer } from "./oracle.ts";

const values = fc.array(fc.integer({ min: 0, max: HIGHEST_US }), { minLength: 1, maxLength: 200 });
const anyQ = fc.oneof(
  fc.constantFrom(0, 50, 90, 95, 99, 99.9, 99.99, 100),
  fc.double({ min: 0, max: 100, noNaN: true }),
);

describe("a percentile", () => {
  it("equals hdr-histogram-js's for any samples and any percentile", () => {
    fc.assert(
      fc.property(values, fc.array(anyQ, { minLength: 1, maxLength: 6 }), (samples, qs) => {
        const counts = countsOf(samples);
        const theirs = peer(samples);
        const expected = qs.map((q) => theirs.getValueAtPercentile(q));
        expect(qs.map((q) => percentile(counts, q))).toEqual(expected);
        expect(percentiles(counts, qs)).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });

  it("is within 1 % of the exact one of the raw samples", () => {
    fc.assert(
      fc.property(values, anyQ, (samples, q) => {
        const exact = exactPercentile(
          samples.toSorted((a, b) => a - b),
          q,
        );
        expect(Math.abs(percentile(countsOf(samples), q)! - exact)).toBeLessThanOrEqual(exact / 100);
      }),
      { numRuns: 1500 },
    );
  });

  it.each(Object.keys(shapes))("is within 1 %% of the exact one for 100,000 %s latencies", (shape) => {
    const samples = latencies(100_000, shape);
    const sorted = samples.toSorted((a, b) => a - b);
    const counts = countsOf(samples);
    for (const q of [0, 1, 50, 95, 99, 99.9, 99.99, 100]) {
      const exact = exactPercentile(sorted, q);
      expect(Math.abs(percentile(counts, q)! - exact) / exact, `p${q}`).toBeLessThanOrEqual(0.01);
    }
  });

  it("is exact where counts are large", () => {
    const counts = newCounts();
    counts[10] = 2 ** 52;
    counts[20] = 2 ** 52 - 1;
    expect(percentiles(counts, [50, 50.0000001, 100])).toEqual([10, 20, 20]);
  });

  it("never skips a sample because q · n came out an ulp too high", () => {
    for (let n = 1; n <= 255; n++) {
      const counts = countsOf(Array.from({ length: n }, (_, at) => at + 1));
      const qs = [14, 28, 29, 50, 55, 56, 57, 58, 70, 75, 90, 95, 97.5, 99, 99.5, 99.9];
      expect(percentiles(counts, qs), `${n} samples`).toEqual(qs.map((q) => Math.ceil((q * 10 * n) / 1000)));
    }
  });

  it("of no samples is null", () => {
    expect(percentile(newCounts(), 99)).toBeNull();
    expect(percentiles(newCounts(), [50, 99])).toEqual([null, null]);
    expect(maxOf(newCounts())).toBeNull();
    expect(minOf(newCounts())).toBeNull();
    expect(totalOf(newCounts())).toBe(0);
  });
});

describe("what else is read from counts", () => {
  it("is the lowest and the highest that the samples may have been", () => {
    fc.assert(
      fc.property(values, (samples) => {
        const counts = countsOf(samples);
        expect(totalOf(counts)).toBe(samples.length);
        expect(maxOf(counts)).toBe(highestAt(indexOf(Math.max(...samples))));
        expect(minOf(counts)).toBe(lowestAt(indexOf(Math.min(...samples))));
      }),
      { numRuns: 500 },
    );
  });

  it("is the time beyond a threshold, each sample as the middle of its bucket", () => {
    fc.assert(
      fc.property(values, fc.nat(HIGHEST_US), (samples, threshold) => {
        const expected = samples.reduce((sum, value) => sum + Math.max(0, middleAt(indexOf(value)) - threshold), 0);
        expect(timeBeyondUs(countsOf(samples), threshold)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe("thinness", () => {
  it.each([
    [99, 99, true],
    [100, 99, false],
    [999, 99.9, true],
    [1000, 99.9, false],
    [9_999, 99.99, true],
    [10_000, 99.99, false],
    [9, 90, true],
    [10, 90, false],
    [1, 50, true],
    [2, 50, false],
    [0, 50, true],
    [1_000_000, 100, true],
  ])("of %d samples at p%d is %s", (n, q, thin) => {
    expect(isThin(n, q)).toBe(thin);
  });
});
