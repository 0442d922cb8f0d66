import fc from "fast-check";
import { expect, test } from "vitest";
import { encodePayload, indexOf, newCounts } from "@/lib/histogram/index";
import { KeptSums } from "@/lib/query/kept-sums";
import { cutAt, settledBefore } from "@/lib/query/plan";
import { bytesOf, type StretchSum, stretchSumOf } from "@/lib/query/stretch-sum";
import { StepTallies } from "@/lib/query/tally";
import { TrendTally } from "@/lib/query/trend-tally";

const HOUR = 3_600;
const STEPS = { firstSeconds: 0, stepSeconds: HOUR, count: 6 };

const pieceOf = (latencyUs: number) => {
  const counts = newCounts();
  counts[indexOf(latencyUs)]! += 1;
  const bytes = encodePayload(counts);
  return { bytes, start: 0, end: bytes.length };
};

function sumOf(latencyUs: number): StretchSum {
  const tallies = new StepTallies(STEPS);
  tallies.add(HOUR, 0, pieceOf(latencyUs));
  return stretchSumOf(tallies, { tier: 0, fromSeconds: 0, toSeconds: 6 * HOUR }, "trend");
}

test("a sum is found for the same parts only", () => {
  const kept = new KeptSums();
  const sum = sumOf(5);
  kept.keep("one", "7 8", sum);
  expect(kept.find("one", "7 8")).toBe(sum);
  expect(kept.find("one", "7 8 9")).toBeUndefined();
  expect(kept.find("one", "7")).toBeUndefined();
  expect(kept.find("other", "7 8")).toBeUndefined();
  const newer = sumOf(6);
  kept.keep("one", "9", newer);
  expect(kept.find("one", "7 8")).toBeUndefined();
  expect(kept.find("one", "9")).toBe(newer);
});

test("beyond its bytes, what was not used for longest goes", () => {
  const sum = sumOf(5);
  const kept = new KeptSums(3 * (bytesOf(sum) + 2));
  for (const key of ["a", "b", "c"]) kept.keep(key, "1", sum);
  kept.find("a", "1");
  kept.keep("d", "1", sum);
  expect(["a", "b", "c", "d"].filter((key) => kept.find(key, "1") !== undefined)).toEqual(["a", "c", "d"]);
  for (let again = 0; again < 9; again++) kept.keep("d", "2", sum);
  expect(kept.find("a", "1")).toBe(sum);
});

test.each(["trend", "steps"] as const)("sums of stretches (%s) add up to what their windows do", (form) => {
  const sample = fc.record({ at: fc.integer({ min: 0, max: 6 * HOUR - 1 }), us: fc.integer({ min: 1, max: 1e6 }) });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), fc.integer({ min: 1, max: 6 * HOUR - 1 }), (samples, cut) => {
      const whole = new StepTallies(STEPS);
      const added = new TrendTally(STEPS);
      for (const { at, us } of samples) whole.add(at, us % 4, pieceOf(us));
      for (const stretch of cutAt([{ tier: 0, fromSeconds: 0, toSeconds: 6 * HOUR }], cut)) {
        const tallies = new StepTallies(STEPS);
        for (const { at, us } of samples)
          if (at >= stretch.fromSeconds && at < stretch.toSeconds) tallies.add(at, us % 4, pieceOf(us));
        added.addStretch(stretchSumOf(tallies, stretch, form));
      }
      expect(added.whole.counts).toEqual(whole.whole.counts);
      expect([added.whole.count, added.whole.outcomes]).toEqual([whole.whole.count, whole.whole.outcomes]);
      expect(added.trend()).toEqual(whole.map((tally) => tally?.percentile(99) ?? null));
      if (form === "trend") return;
      const all = (tallies: StepTallies) =>
        tallies.map((tally) => tally && [tally.count, tally.outcomes, tally.counts]);
      expect(all(added.tallies)).toEqual(all(whole));
    }),
    { numRuns: 60 },
  );
});

test("a range is settled up to its last full hour, unless it soon begins elsewhere", () => {
  const at = 400_000 * HOUR;
  const now = at + 2_000;
  expect(settledBefore({ fromSeconds: now - 24 * HOUR, toSeconds: now }, now)).toBe(at);
  expect(settledBefore({ fromSeconds: now - 24 * HOUR, toSeconds: now + 9 * HOUR }, now)).toBe(at);
  expect(settledBefore({ fromSeconds: at - 48 * HOUR, toSeconds: at - 2 * HOUR + 60 }, now)).toBe(at - 2 * HOUR);
  expect(settledBefore({ fromSeconds: now - 7 * HOUR, toSeconds: now }, now)).toBe(-Infinity);
});
