import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf, quantile, type UserVisits } from "@/lib/prefill/interval";
import { seededRandom } from "@/lib/prefill/random";

const arm = (most: number) =>
  fc.tuple(fc.integer({ min: 0, max: most }), fc.double({ min: 0, max: 1, noNaN: true })).map(([visits, share]) => ({
    visits,
    over: Math.round(visits * share),
  }));
const users = fc.array(
  fc.tuple(arm(9), arm(4)).map(([fill, withheld]): UserVisits => ({
    filled: fill.visits,
    filledOver: fill.over,
    withheld: withheld.visits,
    withheldOver: withheld.over,
  })),
  { maxLength: 60 },
);

test("the interval holds the estimate, which is the difference of the shares", () => {
  fc.assert(
    fc.property(users, fc.integer(), (list, seed) => {
      const sum = (of: keyof UserVisits) => list.reduce((total, user) => total + user[of], 0);
      const interval = differenceOf(list, seededRandom(seed));
      if (sum("filled") === 0 || sum("withheld") === 0) {
        expect(interval).toBeNull();
        return;
      }
      const { estimate, low, high } = interval!;
      expect(estimate).toBeCloseTo(sum("withheldOver") / sum("withheld") - sum("filledOver") / sum("filled"), 10);
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
    }),
    { numRuns: 60 },
  );
});

test("where both arms fare alike, it excludes zero in about one of twenty draws; visits of one user go together", () => {
  const random = seededRandom(7);
  let wrong = 0;
  for (let run = 0; run < 200; run++) {
    // Every user is slow or not at all visits: counted as so many independent visits, the interval would be far too narrow.
    const list = Array.from({ length: 80 }, (): UserVisits => {
      const isSlow = random() < 0.5 ? 1 : 0;
      return { filled: 4, filledOver: 4 * isSlow, withheld: 1, withheldOver: isSlow };
    }).map((user, at) =>
      at % 2 === 0 ? { ...user, withheld: 0, withheldOver: 0 } : { ...user, filled: 0, filledOver: 0 },
    );
    const { low, high } = differenceOf(list, seededRandom(run))!;
    if (low > 0 || high < 0) wrong++;
  }
  expect(wrong).toBeLessThanOrEqual(20);
});

test("where nobody was slow in either arm, nothing is shown, however different the arms' sizes", () => {
  const list = Array.from({ length: 60 }, (_, at): UserVisits =>
    at < 10
      ? { filled: 0, filledOver: 0, withheld: 2, withheldOver: 0 }
      : { filled: 3, filledOver: 0, withheld: 0, withheldOver: 0 },
  );
  expect(differenceOf(list, seededRandom(1))).toMatchObject({
    estimate: 0,
    low: expect.any(Number),
    high: expect.any(Number),
  });
  const { low, high } = differenceOf(list, seededRandom(1))!;
  expect([low < 0, high > 0.1]).toEqual([true, true]);
});

// The example of Newcombe's paper (Statistics in Medicine 17, 1998, table II, column 1): 56/70 and 48/80.
test("independent visits get Newcombe's interval at least", () => {
  const list = Array.from({ length: 150 }, (_, at): UserVisits =>
    at < 70
      ? { filled: 0, filledOver: 0, withheld: 1, withheldOver: at < 56 ? 1 : 0 }
      : { filled: 1, filledOver: at < 118 ? 1 : 0, withheld: 0, withheldOver: 0 },
  );
  const { estimate, low, high } = differenceOf(list, seededRandom(1))!;
  expect(estimate).toBeCloseTo(0.2, 10);
  expect(low).toBeLessThanOrEqual(0.0525);
  expect(high).toBeGreaterThanOrEqual(0.3338);
  expect(high - low).toBeLessThan(0.3);
});

test("a quantile lies between neighbours in proportion", () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.5, 1].map((share) => quantile(sorted, share))).toEqual([1, 3, 8]);
});
