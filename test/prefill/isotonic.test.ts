import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrationOf } from "@/lib/prefill/calibration";
import { neverFalling } from "@/lib/prefill/isotonic";

/** By the definition: at each place, the largest of the smallest means over stretches around it. */
function byDefinition(values: number[], weights: number[]): number[] {
  const mean = (from: number, to: number) => {
    let [sum, all] = [0, 0];
    for (let at = from; at <= to; at++) {
      sum += values[at]! * weights[at]!;
      all += weights[at]!;
    }
    return sum / all;
  };
  const places = [...values.keys()];
  return places.map((at) =>
    Math.max(
      ...places
        .filter((from) => from <= at)
        .map((from) => Math.min(...places.filter((to) => to >= at).map((to) => mean(from, to)))),
    ),
  );
}

describe("what never falls", () => {
  it("is what the definition says", () => {
    const pair = fc.record({
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 9 }), (pairs) => {
        const [values, weights] = [pairs.map(({ value }) => value), pairs.map(({ weight }) => weight)];
        const got = neverFalling(values, weights);
        for (const [at, right] of byDefinition(values, weights).entries()) expect(got[at]).toBeCloseTo(right, 9);
      }),
    );
  });
});

describe("chances put right", () => {
  it("are as they were reckoned when nothing was seen", () => {
    const calibrated = calibrationOf([], 0.5);
    for (const chance of [0, 0.03, 0.31, 0.5, 0.77, 0.99, 1]) expect(calibrated(chance)).toBeCloseTo(chance, 9);
  });

  it("are lower where visits follow less often than was reckoned, and never out of order", () => {
    // A definition's 0.8 that hardly anybody keeps to: of two signals each, those who are seen to come do so in one of two.
    const users = Array.from({ length: 500 }, (_, user) => ({ seen: 2, followed: user % 5 === 0 ? 1 : 0 }));
    const calibrated = calibrationOf(users, 0.8);
    expect(calibrated(0.7)).toBeLessThan(0.3);
    for (let at = 1; at <= 100; at++)
      expect(calibrated(at / 100)).toBeGreaterThanOrEqual(calibrated((at - 1) / 100) - 1e-12);
  });
});
