import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "@/lib/sdk/src/prefill/budget";

const HOUR = 3_600_000;
const SECOND = 1e6;

/** Spends whenever it may, at these times and costs; returns what was spent and when. */
function spend(budget: Budget, steps: { atMs: number; costUs: number; actualUs: number }[]) {
  const spent: { atMs: number; us: number }[] = [];
  for (const { atMs, costUs, actualUs } of steps) {
    const reservation = budget.reserve(costUs, atMs);
    if (reservation === null) continue;
    budget.settle(reservation, actualUs);
    spent.push({ atMs, us: actualUs });
  }
  return spent;
}

function mostInAnHour(spent: { atMs: number; us: number }[]): number {
  return Math.max(
    0,
    ...spent.map(({ atMs }) =>
      spent.filter((each) => each.atMs >= atMs && each.atMs < atMs + HOUR).reduce((sum, each) => sum + each.us, 0),
    ),
  );
}

describe("the budget", () => {
  it("lets the burst through at once, and then as much as comes in", () => {
    const budget = new Budget(3_600, 0);
    const everySecond = Array.from({ length: 1_800 }, (_, at) => ({
      atMs: at * 1000,
      costUs: SECOND,
      actualUs: SECOND,
    }));
    expect(
      spend(
        budget,
        Array.from({ length: 2_000 }, () => everySecond[0]!),
      ),
    ).toHaveLength(1_200);
    expect(spend(budget, everySecond.slice(1))).toHaveLength(1_799);
  });

  it("is never exceeded by more than 2 % in any hour, whatever fills really cost within twice of what was expected", () => {
    const step = fc.record({
      gapMs: fc.oneof(fc.nat(2_000), fc.nat(60_000), fc.nat(2 * HOUR)),
      costUs: fc.integer({ min: 1_000, max: 5 * SECOND }),
      factor: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 500 }), (steps, perHour) => {
        let atMs = 0;
        const timed = steps.map(({ gapMs, costUs, factor }) => ({
          atMs: (atMs += gapMs),
          costUs,
          actualUs: costUs * factor,
        }));
        const most = mostInAnHour(spend(new Budget(perHour, 0), timed));
        expect(most).toBeLessThanOrEqual(perHour * SECOND * 1.02);
      }),
      { numRuns: 300 },
    );
  });

  it("spends all but a few per cent of it when there is enough to do", () => {
    const budget = new Budget(60, 0);
    const steps = Array.from({ length: 40_000 }, (_, at) => ({ atMs: at * 1000, costUs: SECOND, actualUs: SECOND }));
    const spent = spend(budget, steps).reduce((sum, each) => sum + each.us, 0) / SECOND;
    expect(spent).toBeGreaterThan(((60 * 40_000) / 3_600) * 0.95);
  });

  it.each([
    ["a pause of a day", 24 * HOUR],
    ["a clock that jumps by a year", 365 * 24 * HOUR],
  ])("gives no more than the burst after %s", (_, jumpMs) => {
    const budget = new Budget(3_600, 0);
    const step = { atMs: jumpMs, costUs: SECOND, actualUs: SECOND };
    expect(
      spend(
        budget,
        Array.from({ length: 2_000 }, () => step),
      ),
    ).toHaveLength(1_200);
  });

  it("gives nothing for a clock that stands, runs backwards or is no number", () => {
    const budget = new Budget(3_600, HOUR);
    const at = (atMs: number) => ({ atMs, costUs: SECOND, actualUs: SECOND });
    expect(
      spend(
        budget,
        Array.from({ length: 2_000 }, () => at(HOUR)),
      ),
    ).toHaveLength(1_200);
    expect(spend(budget, [at(0), at(HOUR), at(Number.NaN), at(-HOUR)])).toHaveLength(0);
    expect(spend(budget, [at(HOUR + 1_000)])).toHaveLength(1);
  });

  it("gives back what did not run, once", () => {
    const budget = new Budget(3_600, 0);
    const reservation = budget.reserve(1_000 * SECOND, 0)!;
    expect(budget.affords(1_000 * SECOND, 0)).toBe(false);
    budget.settle(reservation, 0);
    budget.settle(reservation, 0);
    expect(budget.level(0)).toBe(1);
    expect(budget.spentSeconds(0)).toBe(0);
  });

  it("goes into debt for a fill that took longer, and works it off", () => {
    const budget = new Budget(3_600, 0);
    budget.settle(budget.reserve(SECOND, 0)!, 1_400 * SECOND);
    expect(budget.level(0)).toBeLessThan(0);
    expect(budget.affords(SECOND, 190_000)).toBe(false);
    expect(budget.affords(SECOND, 210_000)).toBe(true);
    expect(budget.spentSeconds(0)).toBe(1_400);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("of %d seconds allows nothing", (perHour) => {
    expect(new Budget(perHour, 0).affords(1, 0)).toBe(false);
  });

  it("follows a change at once, without a burst for what was missed", () => {
    const budget = new Budget(0, 0);
    budget.setRate(3_600, HOUR);
    expect(budget.affords(SECOND, HOUR)).toBe(false);
    expect(budget.affords(SECOND, HOUR + 60_000)).toBe(true);
    budget.setRate(0, HOUR + 61_000);
    expect(budget.affords(SECOND, 2 * HOUR)).toBe(false);
  });

  it("gives no hour more than its rates add up to, nor more than the rate in force, however often it changes", () => {
    const step = fc.record({
      gapMs: fc.nat(600_000),
      rate: fc.integer({ min: 0, max: 400 }),
      costUs: fc.nat(5 * SECOND),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const budget = new Budget(100, 0);
        const [rates, spent] = [[{ atMs: Number.NEGATIVE_INFINITY, rate: 100 }], [] as { atMs: number; us: number }[]];
        let atMs = 0;
        for (const { gapMs, rate, costUs } of steps) {
          atMs += gapMs;
          budget.setRate(rate, atMs);
          rates.push({ atMs, rate });
          const now = spend(budget, [{ atMs, costUs, actualUs: costUs }]);
          spent.push(...now);
          const hour = spent.filter((each) => each.atMs > atMs - HOUR).reduce((sum, { us }) => sum + us, 0);
          const over = rates.map((each, place) => {
            const toMs = Math.min(atMs, rates[place + 1]?.atMs ?? atMs);
            return (Math.max(0, toMs - Math.max(each.atMs, atMs - HOUR)) / HOUR) * each.rate;
          });
          if (now.length === 0) continue; // a lower rate undoes nothing
          expect(hour).toBeLessThanOrEqual(rate * SECOND);
          // The ledger counts by half minutes: each that a change falls into may be off by all of it.
          const changes = rates.filter((each) => each.atMs > atMs - HOUR - 60_000).length + 1;
          const allowed = over.reduce((sum, each) => sum + each, 0) + (changes * 400) / 120;
          expect(hour).toBeLessThanOrEqual(allowed * SECOND);
        }
      }),
      { numRuns: 200 },
    );
  });
});
