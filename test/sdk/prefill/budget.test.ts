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
        Array.from({ length: 500 }, () => everySecond[0]!),
      ),
    ).toHaveLength(120);
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
        // The first fill of an hour may cost twice what was expected, and there may be no other.
        const single = Math.max(0, ...timed.map((each) => each.actualUs));
        expect(most).toBeLessThanOrEqual(Math.max(perHour * SECOND * 1.02, single));
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
        Array.from({ length: 1_000 }, () => step),
      ),
    ).toHaveLength(120);
  });

  it("gives nothing for a clock that stands, runs backwards or is no number", () => {
    const budget = new Budget(3_600, HOUR);
    const at = (atMs: number) => ({ atMs, costUs: SECOND, actualUs: SECOND });
    expect(
      spend(
        budget,
        Array.from({ length: 200 }, () => at(HOUR)),
      ),
    ).toHaveLength(120);
    expect(spend(budget, [at(0), at(HOUR), at(Number.NaN), at(-HOUR)])).toHaveLength(0);
    expect(spend(budget, [at(HOUR + 1_000)])).toHaveLength(1);
  });

  it("gives back what did not run, once", () => {
    const budget = new Budget(3_600, 0);
    const reservation = budget.reserve(100 * SECOND, 0)!;
    expect(budget.affords(100 * SECOND, 0)).toBe(false);
    budget.settle(reservation, 0);
    budget.settle(reservation, 0);
    expect(budget.level(0)).toBe(1);
    expect(budget.spentSeconds(0)).toBe(0);
  });

  it("goes into debt for a fill that took longer, and works it off", () => {
    const budget = new Budget(3_600, 0);
    budget.settle(budget.reserve(SECOND, 0)!, 300 * SECOND);
    expect(budget.level(0)).toBeLessThan(0);
    expect(budget.affords(SECOND, 100_000)).toBe(false);
    expect(budget.affords(SECOND, 200_000)).toBe(true);
    expect(budget.spentSeconds(0)).toBe(300);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("of %d seconds allows nothing", (perHour) => {
    expect(new Budget(perHour, 0).affords(1, 0)).toBe(false);
  });

  it("follows a change at once, without a burst for what was missed", () => {
    const budget = new Budget(0, 0);
    budget.setRate(3_600, HOUR);
    expect(budget.affords(SECOND, HOUR)).toBe(false);
    expect(budget.affords(SECOND, HOUR + 1_000)).toBe(true);
    budget.setRate(0, HOUR + 2_000);
    expect(budget.affords(SECOND, 2 * HOUR)).toBe(false);
  });
});
