/** Candidates with what each is worth by second of work, and the work an hour that filling it takes on average. */
export interface Offers {
  /** Misses of the target avoided per second of work. 0 or below is never chosen. */
  value: Float64Array;
  /** Seconds of fills an hour. */
  work: Float64Array;
}

/** What is chosen at a budget that holds in every hour, quiet or busy. */
export interface Choice {
  /** Places of what is chosen in some hour, the most valuable first. */
  chosen: Int32Array;
  /** By place among `chosen`: the share of its occasions that come in hours in which it is chosen. */
  shares: Float64Array;
  /** By hour: nothing below this value is filled. Infinite when nothing is chosen. */
  prices: Float64Array;
  /** Work an hour, on average. */
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
 * Takes the most valuable by second of work until the budget is spent, hour by hour. For work that can be divided this is the
 * optimum; here it is off by at most one offer an hour. It stops at the first that does not fit, so that one price tells chosen from
 * not chosen.
 *
 * @param factors how much busier than average each hour is; the work of an offer comes in this proportion
 */
export function choose(
  offers: Offers,
  budgetSecondsPerHour: number,
  factors: ArrayLike<number> = [1],
  order = byValue(offers),
): Choice {
  const counts = Array.from(factors, () => 0);
  const busiestFirst = [...counts.keys()].sort((a, b) => factors[b]! - factors[a]!);
  let left = busiestFirst.length;
  let [work, chosen] = [0, 0];
  const shares = new Float64Array(order.length);
  const sums = new Float64Array(left + 1);
  for (const [at, hour] of busiestFirst.entries()) sums[at] = factors[hour]!;
  for (let at = sums.length - 2; at >= 0; at--) sums[at]! += sums[at + 1]!;
  const all = sums[0]!;
  let secondsPerHour = 0;
  for (; chosen < order.length; chosen++) {
    const offered = offers.work[order[chosen]!]!;
    while (left > 0) {
      const hour = busiestFirst[busiestFirst.length - left]!;
      if ((work + offered) * factors[hour]! <= budgetSecondsPerHour) break;
      counts[hour] = chosen;
      left--;
    }
    if (left === 0) break;
    work += offered;
    shares[chosen] = sums[busiestFirst.length - left]! / all;
    secondsPerHour += offered * shares[chosen]!;
  }
  for (const hour of busiestFirst.slice(busiestFirst.length - left)) counts[hour] = chosen;
  const priceOf = (count: number) => (count === 0 ? Number.POSITIVE_INFINITY : offers.value[order[count - 1]!]!);
  return {
    chosen: order.subarray(0, chosen),
    shares: shares.subarray(0, chosen),
    prices: Float64Array.from(counts, priceOf),
    secondsPerHour,
  };
}
