import { SLOTS, slotShare } from "./hours.ts";

/** Candidates with what each is worth by second of work, and the work that filling it takes. */
export interface Offers {
  /** Misses of the target avoided per second of work. 0 or below is never chosen. */
  value: Float64Array;
  /** Seconds of fills an hour, on average. */
  work: Float64Array;
  /** By place and kind of hour: how much busier than average it is then. None: every hour alike. Fewer than places: in turn. */
  busy?: Float32Array;
}

/** What is chosen at a budget that holds in every hour, quiet or busy. */
export interface Choice {
  /** Places of what is chosen in some hour, the most valuable first. */
  chosen: Int32Array;
  /** By place among `chosen`: the share of its occasions that come in hours in which it is chosen. */
  shares: Float64Array;
  /** By kind of hour: nothing below this value is filled. Infinite when nothing is chosen. */
  prices: Float64Array;
  /** Work an hour, on average. */
  secondsPerHour: number;
}

/** Places of the offers worth something, the most valuable first. */
export function byValue({ value }: Pick<Offers, "value">): Int32Array {
  const places = new Int32Array(value.length);
  let kept = 0;
  for (let at = 0; at < value.length; at++) if (value[at]! > 0) places[kept++] = at;
  return places.subarray(0, kept).sort((a, b) => value[b]! - value[a]! || a - b);
}

/**
 * Takes the most valuable by second of work until the budget is spent, each kind of hour for itself. For work that can be divided this
 * is the optimum; here it is off by at most one offer an hour. An hour stops at the first that does not fit, so that one price tells
 * chosen from not chosen.
 *
 * @param budgets seconds of fills, by kind of hour
 */
export function choose(offers: Offers, budgets: ArrayLike<number>): Choice {
  const order = byValue(offers);
  const open = new Hours(offers, budgets);
  const shares = new Float64Array(order.length);
  let secondsPerHour = 0;
  let count = 0;
  while (count < order.length) {
    const place = order[count]!;
    const share = open.take(place);
    if (open.count === 0) break;
    shares[count++] = share;
    secondsPerHour += share * offers.work[place]!;
  }
  return { chosen: order.subarray(0, count), shares: shares.subarray(0, count), prices: open.prices, secondsPerHour };
}

/** The kinds of hours, and what is left of each one's budget. */
class Hours {
  /** Kinds of hours that still have room. */
  count = SLOTS;
  readonly prices = new Float64Array(SLOTS).fill(Number.POSITIVE_INFINITY);
  private readonly left: Float64Array;
  private readonly closed = new Uint8Array(SLOTS);

  constructor(
    private readonly offers: Offers,
    budgets: ArrayLike<number>,
  ) {
    this.left = Float64Array.from({ length: SLOTS }, (_, slot) => budgets[slot]!);
  }

  /** Takes an offer in every hour that has room for it, closes the others, and returns the share of its occasions taken. */
  take(place: number): number {
    const { value, work, busy } = this.offers;
    const first = busy === undefined ? 0 : (place * SLOTS) % busy.length;
    let share = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.closed[slot] === 1) continue;
      const factor = busy === undefined ? 1 : busy[first + slot]!;
      const needed = work[place]! * factor;
      if (needed > this.left[slot]!) {
        this.closed[slot] = 1;
        this.count--;
        continue;
      }
      this.left[slot]! -= needed;
      this.prices[slot] = value[place]!;
      share += factor * slotShare(slot);
    }
    return share;
  }
}
