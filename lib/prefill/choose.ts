/** Candidates with what each is worth by second of work, and the work an hour that filling it takes. */
export interface Offers {
  /** Misses of the target avoided per second of work. 0 or below is never chosen. */
  value: Float64Array;
  /** Seconds of fills an hour. */
  work: Float64Array;
}

export interface Choice {
  /** Places of the chosen, the most valuable first. */
  chosen: Int32Array;
  /** The value of the last chosen: nothing below it is filled. Infinite when nothing is chosen. */
  price: number;
  secondsPerHour: number;
}

/** Places of the offers worth something, the most valuable first. */
export function byValue({ value }: Offers): Int32Array {
  const places = new Int32Array(value.length);
  let kept = 0;
  for (let at = 0; at < value.length; at++) if (value[at]! > 0) places[kept++] = at;
  return places.subarray(0, kept).sort((a, b) => value[b]! - value[a]! || a - b);
}

/**
 * Takes the most valuable by second of work until the budget is spent. For work that can be divided this is the optimum; here it is
 * off by at most one offer. It stops at the first that does not fit, so that one price tells chosen from not chosen.
 */
export function choose(offers: Offers, budgetSecondsPerHour: number, order = byValue(offers)): Choice {
  let secondsPerHour = 0;
  let count = 0;
  while (count < order.length) {
    const work = offers.work[order[count]!]!;
    if (secondsPerHour + work > budgetSecondsPerHour) break;
    secondsPerHour += work;
    count++;
  }
  const price = count === 0 ? Number.POSITIVE_INFINITY : offers.value[order[count - 1]!]!;
  return { chosen: order.subarray(0, count), price, secondsPerHour };
}
