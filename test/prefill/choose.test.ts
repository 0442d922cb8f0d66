import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admittedShare } from "@/lib/prefill/admitted";
import { choose, seededRandom } from "@/lib/prefill";
import { ALIKE, busyHours, hourOfWeek, HOURS_OF_WEEK, kindOf, KINDS_OF_HOURS, shareOfKind } from "@/lib/prefill/hours";
import { Budget } from "@/lib/sdk/src/prefill/budget";
import { hourOfWeek as appsHourOfWeek } from "@/lib/sdk/src/prefill/chance-of-use";

const HOUR = 3_600_000;
const offer = fc.record({ value: fc.integer({ min: 0, max: 20 }), work: fc.integer({ min: 1, max: 10 }) });

function offersOf(list: { value: number; work: number }[]) {
  const [value, work] = [list.map((each) => each.value), list.map((each) => each.work)].map((each) =>
    Float64Array.from(each),
  );
  return { value: value!, work: work!, costSeconds: () => 1e-6 };
}

const roomFor = (limits: Float64Array, busy = ALIKE) => ({ limits, aims: limits, busy, instances: 1 });
const alike = (budget: number) => roomFor(new Float64Array(KINDS_OF_HOURS).fill(budget));

describe("the choice", () => {
  it("is at most one offer from the best of all subsets", () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 10 }), fc.integer({ min: 0, max: 40 }), (list, budget) => {
        const { chosen } = choose(offersOf(list), alike(budget));
        const avoided = (places: Iterable<number>) =>
          [...places].reduce((sum, at) => sum + list[at]!.value * list[at]!.work, 0);
        const spent = [...chosen].reduce((sum, at) => sum + list[at]!.work, 0);
        expect(spent).toBeLessThanOrEqual(budget);
        let best = 0;
        for (let subset = 0; subset < 2 ** list.length; subset++) {
          const places = [...list.keys()].filter((at) => (subset >> at) & 1);
          if (places.reduce((sum, at) => sum + list[at]!.work, 0) <= budget) best = Math.max(best, avoided(places));
        }
        const left = [...list.keys()].filter((at) => !chosen.includes(at));
        const one = Math.max(0, ...left.map((at) => avoided([at])));
        expect(avoided(chosen) + one).toBeGreaterThanOrEqual(best);
      }),
    );
  });

  it("is dearer in busy hours when every hour may take the same, and alike when the budget follows them", () => {
    const offers = offersOf(Array.from({ length: 100 }, (_, at) => ({ value: 100 - at, work: 1 })));
    const busy = ALIKE.map((_, kind) => (kind === 9 ? 4 : 1));
    const same = choose(offers, roomFor(new Float64Array(KINDS_OF_HOURS).fill(40), busy));
    expect(same.prices[8]).toBe(100 - 39);
    expect(same.prices[9]).toBe(100 - 9);
    const follows = choose(
      offers,
      roomFor(
        busy.map((factor) => 40 * factor),
        busy,
      ),
    );
    expect(new Set(follows.prices)).toEqual(new Set([100 - 39]));
  });

  it("spends what its shares say", () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (list, budget) => {
        const offers = { ...offersOf(list), costSeconds: () => 1 };
        const busy = ALIKE.map((_, kind) => 0.5 + (kind % 3) / 2);
        const { chosen, shares, secondsPerHour } = choose(
          offers,
          roomFor(
            busy.map((factor) => budget * factor),
            busy,
          ),
        );
        const seconds = [...chosen].reduce((sum, at, place) => sum + shares[place]! * list[at]!.work, 0);
        expect(seconds).toBeCloseTo(secondsPerHour, 6);
      }),
    );
  });
});

describe("a budget that is an average", () => {
  const offers = { ...offersOf(Array.from({ length: 200 }, () => ({ value: 5, work: 1 }))), costSeconds: () => 2 };
  const average = (limitOver: number, instances = 1) => {
    const aims = new Float64Array(KINDS_OF_HOURS).fill(24);
    return choose(offers, { aims, limits: aims.map((aim) => limitOver * aim), busy: ALIKE, instances });
  };

  it("is spent on average when hours may take more, and is not when that is all they may take", () => {
    expect(average(1).secondsPerHour).toBeLessThan(0.8 * 24);
    expect(average(1.5).secondsPerHour).toBeGreaterThan(0.95 * 24);
    expect(average(1.5).secondsPerHour).toBeLessThanOrEqual(24.000_001);
    expect(average(50).secondsPerHour).toBeCloseTo(24, 6);
  });

  it("has less room when several processes decide, each by its part of the limit", () => {
    expect(average(1.5, 4).secondsPerHour).toBeLessThan(0.9 * average(1.5).secondsPerHour);
  });
});

describe("the share of fills that there is room for", () => {
  it.each([
    { room: 13, asked: 13 },
    { room: 28, asked: 28 },
    { room: 28, asked: 14 },
    { room: 10, asked: 30 },
  ])("is what the app's own budget admits: $asked of $room", ({ room, asked }) => {
    const random = seededRandom(5);
    const budget = new Budget(room, 0);
    let [wanted, done] = [0, 0];
    for (let atMs = 0; atMs < 2_000 * HOUR; atMs += (-Math.log(1 - random()) * HOUR) / asked) {
      wanted++;
      const reservation = budget.reserve(1e6, atMs);
      if (reservation === null) continue;
      budget.settle(reservation, 1e6);
      done++;
    }
    // Fills that all take the same leave room for a part of one, which is never used.
    expect(Math.abs(admittedShare(room, asked, 1) - done / wanted)).toBeLessThan(0.05);
  });

  it("is all of it when there is much more room than is asked for, and none without room", () => {
    expect(admittedShare(1_000, 10, 1)).toBeGreaterThan(0.999);
    expect(admittedShare(1e7, 10, 1)).toBe(1);
    expect(admittedShare(1_000, 0.1, 1)).toBe(1);
    expect(admittedShare(0.5, 10, 1)).toBe(0);
    expect(admittedShare(10, 0, 1)).toBe(1);
  });
});

describe("kinds of hours", () => {
  it("are counted as apps count them, and their shares are a week", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        expect(hourOfWeek(ms)).toBe(appsHourOfWeek(ms));
      }),
    );
    const shares = Array.from({ length: KINDS_OF_HOURS }, (_, kind) => shareOfKind(kind));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("are 1 on average, busier where there are more visits, and average where nobody looked", () => {
    const monday = Date.parse("2026-11-16T00:00:00Z");
    const visits = new Float64Array(HOURS_OF_WEEK);
    visits[9] = 900;
    visits[10] = 300;
    visits[11] = 300;
    const span = { fromMs: monday + 9 * HOUR, toMs: monday + 12 * HOUR };
    const busy = busyHours(visits, span);
    expect(busy[9]).toBeGreaterThan(1.2 * busy[10]!);
    expect(busy[3]).toBeCloseTo(busy[47]!, 9); // nobody looked then: as busy as all
    expect(busy[3]).toBeGreaterThan(busy[10]!);
    const mean = busy.reduce((sum, each, kind) => sum + each * shareOfKind(kind), 0);
    expect(mean).toBeCloseTo(1, 9);
    expect(kindOf(5 * 24 + 9)).toBe(24 + 9);
  });
});
