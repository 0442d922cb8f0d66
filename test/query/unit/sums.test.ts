import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addPayload,
  addSplit,
  addUsed,
  COUNTS_LENGTH,
  countAbove,
  countOf,
  encodePayload,
  indexOf,
  newCounts,
  percentile,
  percentileFromTop,
} from "@/lib/histogram/index";
import { Tally } from "@/lib/query/tally";
import { UserTable } from "@/lib/query/user-table";
import { keyOf } from "@/lib/store/user-key";

const buckets = fc.array(fc.tuple(fc.nat(COUNTS_LENGTH - 1), fc.integer({ min: 1, max: 2 ** 33 })), { maxLength: 40 });

function countsOf(some: readonly [number, number][]): Float64Array {
  const counts = newCounts();
  for (const [index, count] of some) counts[index]! += count;
  return counts;
}

/** A payload in the middle of other bytes, as rows hold them. */
function lying(counts: Float64Array) {
  const payload = encodePayload(counts);
  const bytes = new Uint8Array(payload.length + 9).fill(255);
  bytes.set(payload, 4);
  return { payload, piece: { bytes, start: 4, end: 4 + payload.length } };
}

test("adding to two histograms at once is adding to each, and knows which buckets are in use", () => {
  fc.assert(
    fc.property(buckets, buckets, (before, some) => {
      const [one, two] = [new Tally(), new Tally()];
      one.addUnknown(lying(countsOf(before)).piece);
      const { payload, piece } = lying(countsOf(some));
      const added = addUsed(one, piece, two);
      expect(added).toBe(countOf(payload));
      const expected = countsOf(before);
      addPayload(expected, payload);
      expect(one.counts).toEqual(expected);
      expect(two.counts).toEqual(countsOf(some));
      for (const tally of [one, two]) {
        const used = [...tally.counts.keys()].filter((index) => tally.counts[index]! > 0);
        expect([tally.low, tally.high]).toEqual([used[0] ?? COUNTS_LENGTH, used.at(-1) ?? -1]);
      }
    }),
    { numRuns: 80 },
  );
});

test("splitting a payload counts as countOf and countAbove do", () => {
  fc.assert(
    fc.property(buckets, fc.integer({ min: -1, max: COUNTS_LENGTH }), (some, index) => {
      const { payload, piece } = lying(countsOf(some));
      const split = { count: 5, above: 7 };
      addSplit(split, piece, index);
      expect(split).toEqual({ count: 5 + countOf(payload), above: 7 + countAbove(payload, index) });
    }),
    { numRuns: 500 },
  );
});

test("a percentile counted from the top is the same", () => {
  fc.assert(
    fc.property(buckets, fc.double({ min: 0, max: 100, noNaN: true }), (some, q) => {
      const tally = new Tally();
      tally.addUnknown(lying(countsOf(some)).piece);
      expect(percentileFromTop(tally.counts, q, tally.count, tally.high)).toBe(percentile(tally.counts, q));
      expect(tally.percentiles([q, 100, 50])).toEqual([q, 100, 50].map((each) => percentile(tally.counts, each)));
    }),
    { numRuns: 300 },
  );
});

test("a cleared tally is as new, and taking out never leaves less than nothing", () => {
  fc.assert(
    fc.property(buckets, buckets, (some, others) => {
      const [one, two] = [new Tally(), new Tally()];
      one.add(2, lying(countsOf(some)).piece);
      two.addUnknown(lying(countsOf(others)).piece);
      const before = one.count;
      one.subtract(two);
      expect(one.count).toBe(Math.max(0, before - two.count));
      expect(one.counts.reduce((sum, count) => sum + count, 0)).toBe(one.count);
      expect(Math.min(...one.counts)).toBe(0);
      // Where there is enough in each bucket, it is taken from there.
      const counts = countsOf(some);
      if (counts.every((count, index) => count >= two.counts[index]!))
        expect(one.counts).toEqual(counts.map((count, index) => count - two.counts[index]!));
      one.clear();
      expect(one).toEqual(new Tally());
    }),
    { numRuns: 60 },
  );
});

test("what a bucket lacks is taken from the next ones", () => {
  const tally = (...us: number[]) => {
    const made = new Tally();
    made.addUnknown(lying(countsOf(us.map((value) => [indexOf(value), 1]))).piece);
    return made;
  };
  const endpoint = tally(1_000, 1_010, 1_020, 90_000);
  endpoint.subtract(tally(1_030, 1_035)); // told in wider buckets
  expect(endpoint.counts).toEqual(tally(1_000, 1_010).counts);
  const other = tally(1_000, 2_000, 3_000);
  other.subtract(tally(900, 2_000));
  expect([other.count, other.maxUs]).toEqual([1, tally(3_000).maxUs]);
});

test("the table of users keeps each key apart, however their halves collide", () => {
  const half = fc.constantFrom(-1, 0, 1, 2_047, 2_048, -(2 ** 31), 2 ** 31 - 1);
  const low = fc.oneof(fc.constantFrom(0, 1, 2_048, 4_096, 2 ** 32 - 1), fc.nat(2 ** 32 - 1));
  fc.assert(
    fc.property(fc.array(fc.tuple(half, low), { maxLength: 4_000, minLength: 1_500 }), (keys) => {
      const table = new UserTable();
      const truth = new Map<bigint, number>();
      for (const [high, lowHalf] of keys) {
        const place = table.placeOf(high, lowHalf);
        table.counts[place]! += 1;
        const key = keyOf(high, lowHalf);
        truth.set(key, (truth.get(key) ?? 0) + 1);
      }
      expect(table.size).toBe(truth.size);
      for (let place = 0; place < table.size; place++) expect(table.counts[place]).toBe(truth.get(table.keyAt(place)));
    }),
    { numRuns: 8 },
  );
});
