import { byValue } from "./choose.ts";
import { offersOf, roomOf, type Rules } from "./offers.ts";
import { Running } from "./running.ts";
import { foldsOf, sparedAt } from "./spared.ts";
import type { Survey } from "./survey.ts";

/** What work buys at one threshold, judged by other days than chosen by. */
interface Purchase {
  running: Running;
  /** Requests spared, by how many of the most valuable are chosen. */
  spared: Float64Array;
}

/**
 * The requests above one threshold, by the budget. p99 ≤ x if and only if at most 1 % of requests lie above x; what brings requests below
 * it is additive, so that this is a cover problem, solved greedily.
 */
export class Cover {
  private readonly purchases: Purchase[];

  constructor(
    private readonly survey: Survey,
    private readonly step: number,
    private readonly rules: Rules,
  ) {
    const steps = survey.definitions.map(() => step);
    this.purchases = foldsOf(survey).map(({ chosenBy, judgedBy }) => {
      const offers = offersOf(survey, steps, rules, chosenBy);
      const order = byValue(offers);
      let sum = 0;
      const spared = Float64Array.from(order, (place) => (sum += sparedAt(survey, place, step, { judgedBy, rules })));
      return { running: new Running(offers, order), spared };
    });
  }

  /** Requests above the threshold with so many seconds of fills an hour. */
  over(budget: number): number {
    const { survey, step, rules } = this;
    const room = roomOf(survey, budget, rules);
    let over = survey.before[step]!;
    for (const { running, spared } of this.purchases)
      for (const { count, share } of running.kinds(room)) over -= share * (spared[count - 1] ?? 0);
    return over;
  }

  /** The least budget that leaves at most so many requests above the threshold; infinite when none does. */
  leastFor(allowed: number): number {
    if (this.over(0) <= allowed) return 0;
    let high = MOST_ROOM * Math.max(1e-6, ...this.purchases.map(({ running }) => running.all));
    if (this.over(high) > allowed) return Number.POSITIVE_INFINITY;
    for (let low = 0; high - low > PRECISION * high;) {
      const middle = (low + high) / 2;
      if (this.over(middle) <= allowed) high = middle;
      else low = middle;
    }
    return high;
  }
}

/** A budget of so many times all work has room for nearly all of it, in busy hours too. */
const MOST_ROOM = 8;
const PRECISION = 0.01;
