import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTS_LENGTH, HIGHEST_INDEX, HIGHEST_US, highestAt, indexOf, lowestAt, middleAt } from "@/lib/histogram";
import { peer } from "./oracle.ts";

const oracle = peer();
const highestHeld = 2 ** 32 - 1;

describe("the bucket layout", () => {
  it("has the size that hdr-histogram-js gives it", () => {
    expect(COUNTS_LENGTH).toBe(oracle.countsArrayLength);
    expect(HIGHEST_INDEX).toBe(oracle.countsArrayIndex(HIGHEST_US));
    expect(indexOf(highestHeld)).toBe(COUNTS_LENGTH - 1);
  });

  it("finds the bucket of every power of two and its neighbours", () => {
    for (let power = 1; power <= 2 ** 31; power *= 2) {
      for (const value of [power - 1, power, power + 1]) {
        expect(indexOf(value), `${value}`).toBe(oracle.countsArrayIndex(value));
      }
    }
  });

  it("finds the bucket of any value", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: highestHeld }),
        (value) => indexOf(value) === oracle.countsArrayIndex(value),
      ),
      { numRuns: 5000 },
    );
  });

  it("gives every bucket the bounds that hdr-histogram-js gives it", () => {
    for (let index = 0; index < COUNTS_LENGTH; index++) {
      const value = oracle.valueFromIndex(index);
      expect(lowestAt(index)).toBe(value);
      expect(highestAt(index)).toBe(oracle.highestEquivalentValue(value));
      expect(middleAt(index)).toBe(oracle.medianEquivalentValue(value));
    }
  });

  it("leaves no gap, and no bucket wider than 1 % of its values", () => {
    for (let index = 1; index < COUNTS_LENGTH; index++) {
      expect(lowestAt(index)).toBe(highestAt(index - 1) + 1);
      expect(highestAt(index) - lowestAt(index)).toBeLessThanOrEqual(lowestAt(index) / 100);
    }
  });
});
