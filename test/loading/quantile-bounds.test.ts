import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highestAt, indexOf, lowestAt, newCounts } from "@/lib/histogram/index";
import { logEvidence, percentileBounds } from "@/lib/loading/index";
import { logGamma } from "@/lib/loading/log-gamma";
import { seeded } from "./simulate";

test("ln Γ of whole and half numbers", () => {
  let factorial = 0;
  for (let n = 1; n <= 170; n++) {
    expect(logGamma(n)).toBeCloseTo(factorial, 8);
    factorial += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
});

describe("evidence", () => {
  test("is a martingale: of both ways that the next sample can go, its mean is what it was", () => {
    const chance = fc.constantFrom(0.5, 0.95, 0.99);
    fc.assert(
      fc.property(chance, fc.nat(500), fc.nat(500), (p, hits, misses) => {
        const total = hits + misses;
        const now = logEvidence(hits, total, p);
        const next =
          p * Math.exp(logEvidence(hits + 1, total + 1, p) - now) +
          (1 - p) * Math.exp(logEvidence(hits, total + 1, p) - now);
        expect(next).toBeCloseTo(1, 6);
      }),
    );
    expect(logEvidence(0, 0, 0.95)).toBeCloseTo(0, 10);
  });
});

describe("bounds of a percentile", () => {
  /** By trying every bucket: it may hold the percentile if any number of its samples below it is not refuted. */
  function slowBounds(values: number[], q: number, alpha: number): [number, number] {
    const total = values.length;
    const kept = (hits: number) => logEvidence(hits, total, q / 100) < Math.log(1 / alpha);
    const buckets = [...new Set([0, ...values.map(indexOf), 3_000])].toSorted((a, b) => a - b);
    const held = buckets.filter((bucket) => {
      const below = values.filter((value) => indexOf(value) < bucket).length;
      const upTo = values.filter((value) => indexOf(value) <= bucket).length;
      return Array.from({ length: upTo - below + 1 }, (_, at) => below + at).some(kept);
    });
    return [held[0]!, held.at(-1)!];
  }

  test("are those of every bucket that is not refuted", () => {
    const values = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.constantFrom(50, 90, 95), fc.constantFrom(0.5, 0.05), (all, q, alpha) => {
        const counts = newCounts();
        for (const value of all) counts[indexOf(value)]!++;
        const { lowUs, highUs } = percentileBounds(counts, q, alpha);
        const [low, high] = slowBounds(all, q, alpha);
        expect(lowUs).toBe(lowestAt(low));
        expect(highUs).toBe(high === 3_000 ? null : highestAt(high));
      }),
      { numRuns: 200 },
    );
  });

  test("hold the true percentile at all looks together, as often as they say", () => {
    const random = seeded(3);
    const runs = 300;
    let broken = 0;
    for (let run = 0; run < runs; run++) {
      const counts = newCounts();
      let holds = true;
      for (let n = 1; n <= 1_500; n++) {
        // Uniform over 0…99,999: its p95 is 95,000.
        counts[indexOf(Math.floor(random() * 100_000))]!++;
        if (n % 50 !== 0) continue;
        const { lowUs, highUs } = percentileBounds(counts, 95, 0.1);
        holds &&= lowUs <= 95_000 && (highUs === null || highUs >= 95_000);
      }
      if (!holds) broken++;
    }
    expect(broken / runs).toBeLessThanOrEqual(0.1);
    expect(broken).toBeGreaterThan(0);
  });

  test("come nearer with more samples", () => {
    const widths = [200, 2_000, 20_000].map((samples) => {
      const counts = newCounts();
      for (let at = 0; at < samples; at++) counts[indexOf(Math.floor((at / samples) * 100_000))]!++;
      const { lowUs, highUs } = percentileBounds(counts, 95, 0.05);
      return (highUs ?? Infinity) - lowUs;
    });
    expect(widths[1]).toBeLessThan(widths[0]!);
    expect(widths[2]).toBeLessThan(widths[1]! / 2);
  });
});

test("sums beyond what whole numbers reach end as well", () => {
  const counts = newCounts();
  counts[3_000] = 2 ** 54;
  counts[10] = 1;
  expect(percentileBounds(counts, 95, 0.01).lowUs).toBeGreaterThan(0);
});
