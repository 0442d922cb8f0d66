import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highestAt, indexOf, middleAt } from "@/lib/histogram/index";
import { coarsenessOf } from "@/lib/ingest/otlp/coarseness";
import { explicitOf, exponentialOf, type Foreign } from "@/lib/ingest/otlp/foreign";
import { rangesOf } from "@/lib/ingest/otlp/ranges";
import { spread } from "@/lib/ingest/otlp/spread";

const US = 1e6;
/** As the conventions advise for durations of requests, seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The explicit histogram of durations, seconds, as an SDK makes it. */
function explicit(values: readonly number[], told: { extremes: boolean; sum: boolean }): Foreign {
  const bucketCounts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  for (const value of values) bucketCounts[BOUNDS.filter((bound) => value > bound).length]!++;
  return good(explicitOf({ bucketCounts, explicitBounds: BOUNDS, count: values.length, ...extremes(values, told) }));
}

/** The exponential one at a scale. */
function exponential(values: readonly number[], scale: number, told: { extremes: boolean; sum: boolean }): Foreign {
  const at = (value: number) => Math.ceil(Math.log2(value) * 2 ** scale) - 1;
  const offset = Math.min(...values.map(at));
  const bucketCounts = Array.from({ length: Math.max(...values.map(at)) - offset + 1 }, () => 0);
  for (const value of values) bucketCounts[at(value) - offset]!++;
  return good(
    exponentialOf({ scale, positive: { offset, bucketCounts }, count: values.length, ...extremes(values, told) }),
  );
}

function extremes(values: readonly number[], told: { extremes: boolean; sum: boolean }) {
  return {
    ...(told.extremes ? { min: Math.min(...values), max: Math.max(...values) } : {}),
    ...(told.sum ? { sum: values.reduce((sum, value) => sum + value, 0) } : {}),
  };
}

function good(histogram: Foreign | { bad: string }): Foreign {
  if ("bad" in histogram) throw new Error(histogram.bad);
  return histogram;
}

/** Where each sample was put, in microseconds, as a percentile would report it; lowest first. */
function placed(histogram: Foreign, report = highestAt): number[] {
  const counts = new Map<number, number>();
  const sumUs = histogram.sum === undefined ? undefined : histogram.sum * US;
  spread(rangesOf(histogram, US), sumUs, (index, count) => counts.set(index, (counts.get(index) ?? 0) + count));
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, count]) => Array.from({ length: count }, () => report(index)));
}

const durations = fc.array(fc.double({ min: Math.log(0.0005), max: Math.log(100), noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});
const seconds = durations.map((logs) => logs.map(Math.exp));
const told = fc.record({ extremes: fc.boolean(), sum: fc.boolean() });
const scales = fc.integer({ min: -2, max: 7 });
const histograms = fc.oneof(
  fc.tuple(seconds, told).map(([values, what]) => [values, explicit(values, what)] as const),
  fc.tuple(seconds, scales, told).map(([values, scale, what]) => [values, exponential(values, scale, what)] as const),
);

describe("buckets of others in ours", () => {
  test("no sample is lost or made", () => {
    fc.assert(fc.property(histograms, ([values, histogram]) => placed(histogram).length === values.length));
  });

  test("every percentile is within the bound that is stated", () => {
    fc.assert(
      fc.property(histograms, ([values, histogram]) => {
        const bound = coarsenessOf(rangesOf(histogram, US));
        const factor = 1 + bound.errorPercent / 100 + 1e-9;
        const exact = values.map((value) => value * US).sort((a, b) => a - b);
        for (const [rank, reported] of placed(histogram).entries()) {
          const real = exact[rank]!;
          // A microsecond is what whole numbers take.
          if (real <= bound.aboveUs || reported <= bound.aboveUs + 1 || Math.max(real, reported) > bound.belowUs)
            continue;
          expect(Math.max(reported / (real + 1), (real - 1) / reported)).toBeLessThanOrEqual(factor);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("nothing leaves the least and the greatest value", () => {
    fc.assert(
      fc.property(seconds, (values) => {
        const at = placed(explicit(values, { extremes: true, sum: true }));
        expect(at[0]).toBeGreaterThanOrEqual(Math.floor(Math.min(...values) * US));
        expect(at.at(-1)).toBeLessThanOrEqual(highestAt(indexOf(Math.ceil(Math.max(...values) * US))));
      }),
    );
  });

  test("few samples and many are put alike", () => {
    const shares = (values: readonly number[]) => {
      const at = placed(explicit(values, { extremes: false, sum: true }));
      return [10, 50, 90, 99].map((q) => at[Math.ceil((at.length * q) / 100) - 1]!);
    };
    const few = Array.from({ length: 60 }, (_, at) => 0.1 + (0.15 * (at + 1)) / 60);
    const many = Array.from({ length: 60_000 }, (_, at) => few[at % 60]!);
    for (const [place, value] of shares(many).entries()) expect(value / shares(few)[place]!).toBeCloseTo(1, 1);
  });

  test("with the sum, the time that requests took together is right within 2 %", () => {
    // An exponential distribution of mean 180 ms, by its quantiles.
    const values = Array.from({ length: 5_000 }, (_, at) => -0.18 * Math.log(1 - (at + 0.5) / 5_000));
    const sum = values.reduce((all, value) => all + value, 0) * US;
    const sumOf = (what: { extremes: boolean; sum: boolean }) =>
      placed(explicit(values, what), middleAt).reduce((all, value) => all + value, 0);
    expect(Math.abs(sumOf({ extremes: true, sum: true }) / sum - 1)).toBeLessThan(0.02);
  });

  test("of such durations, percentiles are within 6 % where 150 % is the bound", () => {
    const values = Array.from({ length: 20_000 }, (_, at) => -0.18 * Math.log(1 - (at + 0.5) / 20_000));
    const at = placed(explicit(values, { extremes: true, sum: true }));
    for (const q of [50, 90, 95, 99, 99.9]) {
      const rank = Math.ceil((at.length * q) / 100) - 1;
      expect(Math.abs(at[rank]! / (values[rank]! * US) - 1)).toBeLessThan(0.06);
    }
  });

  test("the open bucket without a greatest value stands where the sum says", () => {
    const histogram = explicit([0.2, 0.2, 40, 40], { extremes: false, sum: true });
    expect(
      placed(histogram)
        .slice(2)
        .map((us) => Math.round(us / US)),
    ).toEqual([40, 40]);
    const without = explicit([0.2, 40], { extremes: false, sum: false });
    expect(placed(without).at(-1)! / US).toBeCloseTo(10, 0);
    expect(coarsenessOf(rangesOf(without, US)).belowUs).toBe(10 * US);
  });

  test("what is longer than an hour is clamped and told", () => {
    const histogram = explicit([1, 5_000, 9_000], { extremes: true, sum: true });
    const overRange = spread(rangesOf(histogram, US), histogram.sum! * US, () => undefined);
    expect(overRange).toBeGreaterThan(0);
    expect(overRange).toBeLessThanOrEqual(2);
    expect(placed(histogram).at(-1)).toBe(highestAt(indexOf(3_600_000_000)));
  });

  test("zeros stand within the zero threshold", () => {
    const point = {
      scale: 3,
      zeroCount: 3,
      zeroThreshold: 0.001,
      positive: { offset: 0, bucketCounts: [1] },
      count: 4,
    };
    expect(placed(good(exponentialOf(point))).map((us) => us <= 1_003)).toEqual([true, true, true, false]);
  });
});

describe("what is no histogram", () => {
  test.each([
    ["a negative count", explicitOf({ bucketCounts: [1, -1], explicitBounds: [1], count: 0 })],
    ["half a request", explicitOf({ bucketCounts: [0.5, 0.5], explicitBounds: [1], count: 1 })],
    ["more than can be counted", explicitOf({ bucketCounts: [2 ** 53, 0], explicitBounds: [1], count: 2 ** 53 })],
    ["bounds that fall", explicitOf({ bucketCounts: [1, 1, 1], explicitBounds: [2, 1], count: 3 })],
    ["a bound that is none", explicitOf({ bucketCounts: [1, 1], explicitBounds: ["NaN"], count: 2 })],
    ["a bucket too few", explicitOf({ bucketCounts: [1], explicitBounds: [1], count: 1 })],
    ["another count", explicitOf({ bucketCounts: [1, 1], explicitBounds: [1], count: 3 })],
    ["negative values", exponentialOf({ negative: { bucketCounts: [1] }, count: 1 })],
    ["a scale out of range", exponentialOf({ scale: 21, positive: { bucketCounts: [1] }, count: 1 })],
    ["an offset out of range", exponentialOf({ positive: { offset: 2 ** 40, bucketCounts: [1] }, count: 1 })],
    ["more buckets than any has", exponentialOf({ positive: { bucketCounts: Array(5_000).fill(0) }, count: 0 })],
  ])("%s is refused", (_, histogram) => {
    expect(histogram).toEqual({ bad: expect.any(String) });
  });

  test("extreme exponents of a double are no problem", () => {
    for (const [scale, offset] of [
      [-10, 2 ** 31],
      [-10, -(2 ** 31)],
      [20, 2 ** 31],
      [20, -(2 ** 31)],
    ] as const)
      expect(placed(good(exponentialOf({ scale, positive: { offset, bucketCounts: [3] }, count: 3 })))).toHaveLength(3);
  });
});
