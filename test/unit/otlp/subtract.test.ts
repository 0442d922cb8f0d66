import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf } from "@/lib/ingest/otlp/cumulative";
import { explicitOf, exponentialOf, type Foreign } from "@/lib/ingest/otlp/foreign";
import { subtract } from "@/lib/ingest/otlp/subtract";

const counts = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 12 });
const sumOf = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0);
const explicit = (bucketCounts: number[], bounds = bucketCounts.slice(1).map((_, at) => at + 1)) =>
  explicitOf({ bucketCounts, explicitBounds: bounds, count: sumOf(bucketCounts) }) as Foreign;
const exponential = (scale: number, offset: number, bucketCounts: number[], zeroCount = 0) =>
  exponentialOf({
    scale,
    zeroCount,
    positive: { offset, bucketCounts },
    count: sumOf(bucketCounts) + zeroCount,
  }) as Foreign;

test("what came between two points is exactly what was added", () => {
  fc.assert(
    fc.property(counts, counts, (before, more) => {
      const added = before.map((_, at) => more[at] ?? 0);
      const now = before.map((count, at) => count + added[at]!);
      expect(subtract(explicit(now), explicit(before))).toMatchObject({ counts: added, count: sumOf(added) });
    }),
  );
});

test("an exponential histogram may become coarser and wider on the way", () => {
  fc.assert(
    fc.property(
      counts,
      counts,
      fc.integer({ min: -40, max: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (before, more, offset, by) => {
        const at = (exponent: number) => Math.floor(exponent / 2 ** by);
        const first = at(offset) - 2;
        const added = Array.from({ length: before.length + 4 }, (_, place) => more[place] ?? 0);
        const now = [...added];
        for (const [place, count] of before.entries()) now[at(offset + place) - first]! += count;
        const difference = subtract(exponential(5 - by, first, now, 7), exponential(5, offset, before, 3));
        expect(difference).toMatchObject({ counts: added, zero: 4, count: sumOf(added) + 4 });
      },
    ),
  );
});

test("what is no continuation gives no difference", () => {
  const before = explicit([1, 2, 3]);
  expect(subtract(explicit([1, 2, 2]), before)).toBeNull();
  expect(subtract(explicit([9, 2, 2]), before)).toBeNull();
  expect(subtract(explicit([1, 2, 3], [1, 5]), before)).toBeNull();
  expect(subtract(exponential(3, 0, [9, 9, 9]), before)).toBeNull();
  expect(subtract(exponential(4, 0, [9, 9, 9]), exponential(3, 0, [1]))).toBeNull();
  // A bucket that is not there any more is not made up for by others.
  expect(subtract(exponential(3, 1, [5, 5]), exponential(3, 0, [4, 1]))).toBeNull();
});

test("when a first point counts, and from when on", () => {
  const HOUR = 3_600_000_000_000n;
  const now = 10n * HOUR;
  const point = (startNs: bigint) => ({ startNs, timeNs: now, histogram: explicit([1]) });
  const told = (startNs: bigint, streamNs?: bigint) => {
    const difference = differenceOf(point(startNs), undefined, streamNs);
    return difference.kind === "counted" ? difference.fromNs : difference.kind;
  };
  expect(told(now - HOUR)).toBe(now - HOUR);
  expect(told(now - HOUR - 1n)).toBe("base");
  expect(told(0n)).toBe("base");
  expect(told(now + 1n)).toBe("base");
  expect(told(1n, now - HOUR)).toBe(now - HOUR);
  expect(told(1n, now - HOUR - 1n)).toBe("base");
  expect(told(1n, now)).toBe("base");
});
