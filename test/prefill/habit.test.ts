import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "@/lib/prefill";
import { activeAfter, chanceOfVisit, type Crowd, gammaOf, Habit } from "@/lib/prefill/habit";
import { ALIKE, HOURS_OF_WEEK, hoursLookedAt } from "@/lib/prefill/hours";

const HOUR = 3_600_000;
const MONDAY = Date.parse("2026-11-16T00:00:00Z");
const SPAN = { fromMs: MONDAY - 14 * 24 * HOUR, toMs: MONDAY };

const crowd = (change: Partial<Crowd> = {}): Crowd => ({
  meanPerHour: 0.1,
  shape: 1,
  busy: ALIKE,
  looked: hoursLookedAt(SPAN),
  hours: 336,
  ...change,
});

/** Visits at an hour of the day on every working day of two weeks. */
const atNine = (visits: number): number[] => [0, 1, 2, 3, 4].flatMap((day) => [day * 24 + 9, visits]);

describe("the chance of a visit before a write", () => {
  it("is what playing both by chance gives", () => {
    const random = seededRandom(3);
    const draw = (rate: number) => (rate === 0 ? Infinity : -Math.log(1 - random()) / rate);
    for (const [visits, writes] of [
      [0.5, 0],
      [1.2, 0.8],
      [0.1, 3],
    ] as const) {
      let came = 0;
      for (let round = 0; round < 40_000; round++) {
        const at = draw(visits);
        if (at < 1 && at < draw(writes)) came++;
      }
      expect(Math.abs(chanceOfVisit(visits, writes) - came / 40_000)).toBeLessThan(0.01);
    }
  });

  it("is a chance, and falls as writes come more often", () => {
    const rate = fc.double({ min: 0, max: 50, noNaN: true });
    fc.assert(
      fc.property(rate, rate, rate, (visits, writes, more) => {
        const chance = chanceOfVisit(visits, writes);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        expect(chanceOfVisit(visits, writes + more)).toBeLessThanOrEqual(chance + 1e-12);
      }),
    );
  });
});

describe("who has been silent", () => {
  it("has probably left once many visits were missed, and hardly when none were to be expected", () => {
    expect(activeAfter(0)).toBeCloseTo(0.95, 9);
    expect(activeAfter(1)).toBeGreaterThan(0.8);
    expect(activeAfter(8)).toBeLessThan(0.01);
    expect(activeAfter(-5)).toBe(activeAfter(0));
  });
});

describe("how users' rates are spread", () => {
  it("is found again from what they did", () => {
    const random = seededRandom(9);
    const poisson = (mean: number) => {
      let count = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
      return count;
    };
    // Gamma of shape 2: the sum of two exponentials. On average 0.05 visits an hour, in 200 hours.
    const counts = Array.from({ length: 5_000 }, () => poisson(-5 * (Math.log(1 - random()) + Math.log(1 - random()))));
    const { meanPerHour, shape } = gammaOf(counts, 200);
    expect(meanPerHour).toBeCloseTo(0.05, 2);
    expect(shape).toBeGreaterThan(1.7);
    expect(shape).toBeLessThan(2.3);
  });

  it("is finite for users who all do the same, and for none", () => {
    expect(gammaOf([3, 3, 3], 10)).toEqual({ meanPerHour: 0.3, shape: 50 });
    expect(gammaOf([], 10).meanPerHour).toBe(0);
  });
});

describe("a habit", () => {
  const weekOf = (habit: Habit) => habit.expected(MONDAY, MONDAY + HOURS_OF_WEEK * HOUR);

  it("is proven by visits at one hour on many days, and expects them there", () => {
    const habit = new Habit(crowd(), { cold: 10, hours: atNine(2), silentHours: 1 });
    expect([9, 33, 105].every((hour) => habit.isProven(hour))).toBe(true);
    expect([8, 10, 9 + 120].some((hour) => habit.isProven(hour))).toBe(false);
    const nine = habit.expected(MONDAY + 9 * HOUR, MONDAY + 10 * HOUR);
    const three = habit.expected(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR);
    expect(nine).toBeGreaterThan(10 * three);
    expect(weekOf(habit)).toBeCloseTo(habit.perHour * HOURS_OF_WEEK, 6);
  });

  it("is not proven by a burst of visits, of which one was cold, nor by few", () => {
    const burst = new Habit(crowd(), { cold: 1, hours: [9, 40], silentHours: 1 });
    const few = new Habit(crowd(), { cold: 3, hours: atNine(1).slice(0, 6), silentHours: 1 });
    for (let hour = 0; hour < HOURS_OF_WEEK; hour++) expect(burst.isProven(hour) || few.isProven(hour)).toBe(false);
  });

  it("of a user of whom little was seen is everybody's: as often, and at the same hours", () => {
    const busy = ALIKE.map((_, kind) => (kind === 20 ? 3 : 1));
    const habit = new Habit(crowd({ busy }), { cold: 0, hours: [], silentHours: 0 });
    const at = (hour: number) => habit.expected(MONDAY + hour * HOUR, MONDAY + (hour + 1) * HOUR);
    expect(at(20) / at(3)).toBeCloseTo(3, 6);
    expect(new Habit(crowd({ hours: 0.01 }), { cold: 0, hours: [], silentHours: 0 }).perHour).toBeCloseTo(0.1, 2);
  });
});
