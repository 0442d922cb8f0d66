import { admittedShare } from "./admitted.ts";
import type { Offers } from "./choose.ts";
import { KINDS_OF_HOURS, shareOfKind } from "./hours.ts";

/** What an hour of each kind may take, in seconds, and how much busier than average it is. */
export interface Room {
  budgets: ArrayLike<number>;
  busy: ArrayLike<number>;
}

/** How many of an order's first are chosen in an hour of a kind, and what comes of it. */
export interface Kind {
  count: number;
  /** Part of a week's occasions that come in hours of the kind and find room. */
  share: number;
  /** What an hour of the kind spends: seconds, and fills. */
  seconds: number;
  fills: number;
}

/** Offers in an order, added up. */
export class Running {
  private readonly work: Float64Array;
  /** Work weighted by what a fill costs. */
  private readonly dear: Float64Array;

  constructor({ work, costSeconds }: Offers, order: Int32Array) {
    let [all, dear] = [0, 0];
    this.work = Float64Array.from(order, (place) => (all += work[place]!));
    this.dear = Float64Array.from(order, (place) => (dear += work[place]! * costSeconds(place)));
  }

  /** By kind of hour: as many as ask for no more than the budget, on average. */
  kinds({ budgets, busy }: Room): Kind[] {
    return Array.from({ length: KINDS_OF_HOURS }, (_, kind) => {
      const factor = Math.max(busy[kind]!, 1e-9);
      const count = this.within(budgets[kind]! / factor);
      const asked = this.work[count - 1] ?? 0;
      const costSeconds = asked > 0 ? this.dear[count - 1]! / asked : 0;
      const admitted = factor * admittedShare(budgets[kind]!, asked * factor, costSeconds);
      const seconds = asked * admitted;
      return { count, share: shareOfKind(kind) * admitted, seconds, fills: seconds / Math.max(costSeconds, 1e-9) };
    });
  }

  /** All of the work, an hour on average. */
  get all(): number {
    return this.work.at(-1) ?? 0;
  }

  private within(limit: number): number {
    let low = 0;
    let high = this.work.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.work[middle]! <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
