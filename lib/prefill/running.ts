import { admittedShare } from "./admitted.ts";
import type { Offers } from "./choose.ts";
import { KINDS_OF_HOURS, shareOfKind } from "./hours.ts";

/** What there is room for, by kind of hour. */
export interface Room {
  /** Seconds that no hour may exceed. */
  limits: ArrayLike<number>;
  /** Seconds that an hour is to spend on average; no more than its limit. */
  aims: ArrayLike<number>;
  /** How much busier than average an hour is. */
  busy: ArrayLike<number>;
  /** Processes that decide, each by its part of the limit. */
  instances: number;
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

  /** By kind of hour: as many as spend no more than is aimed at, and ask for no more than the limit, on average. */
  kinds({ limits, aims, busy, instances }: Room): Kind[] {
    return Array.from({ length: KINDS_OF_HOURS }, (_, kind) => {
      const factor = Math.max(busy[kind]!, 1e-9);
      const limit = limits[kind]! / instances;
      const admittedOf = (count: number) => {
        const asked = this.work[count - 1] ?? 0;
        return admittedShare(limit, (asked * factor) / instances, this.costOf(count));
      };
      const fits = (count: number) => {
        const asked = this.work[count - 1]! * factor;
        return asked <= limits[kind]! && (asked <= aims[kind]! || asked * admittedOf(count) <= aims[kind]!);
      };
      const count = this.most(fits);
      const admitted = factor * admittedOf(count);
      const seconds = (this.work[count - 1] ?? 0) * admitted;
      const fills = seconds / Math.max(this.costOf(count), 1e-9);
      return { count, share: shareOfKind(kind) * admitted, seconds, fills };
    });
  }

  /** What a fill of an order's first takes, in seconds, weighted by itself. */
  private costOf(count: number): number {
    const work = this.work[count - 1] ?? 0;
    return work > 0 ? this.dear[count - 1]! / work : 0;
  }

  /** All of the work, an hour on average. */
  get all(): number {
    return this.work.at(-1) ?? 0;
  }

  /** How many fit, when fewer fit as well. */
  private most(fits: (count: number) => boolean): number {
    let low = 0;
    let high = this.work.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(middle + 1)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
