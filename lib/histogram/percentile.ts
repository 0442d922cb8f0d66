import { totalOf } from "./counts.ts";
import { type Counts, highestAt, lowestAt } from "./layout.ts";

/**
 * The value at a percentile (`q` in 0…100), in microseconds: HdrHistogram's `getValueAtPercentile`, the highest value of
 * the first bucket at which that share of the samples is reached (for 0, the lowest value of the first used bucket).
 * `null` without samples. `total` spares the counting when the caller knows it.
 */
export function percentile(counts: Counts, q: number, total = totalOf(counts)): number | null {
  return percentiles(counts, [q], total)[0]!;
}

/**
 * The values at several percentiles, in any order, in one pass over the counts. `total` and `from`, a bucket below which
 * there is nothing, spare work when the caller knows them.
 */
export function percentiles(
  counts: Counts,
  qs: readonly number[],
  total = totalOf(counts),
  from = 0,
): (number | null)[] {
  const values: (number | null)[] = qs.map(() => null);
  if (total === 0) return values;
  const order = qs.map((_, at) => at).sort((a, b) => qs[a]! - qs[b]!);
  const ranks = order.map((at) => rankOf(qs[at]!, total));
  let reached = 0;
  let next = 0;
  for (let index = from; index < counts.length && next < order.length; index++) {
    reached += counts[index]!;
    while (next < order.length && reached >= ranks[next]!) {
      const at = order[next++]!;
      values[at] = valueAt(index, qs[at]!);
    }
  }
  return values;
}

/**
 * As `percentile`, counting down from `high`, the highest bucket in use: for high percentiles that is the shorter way.
 */
export function percentileFromTop(counts: Counts, q: number, total: number, high: number): number | null {
  if (total === 0) return null;
  const mayStayAbove = total - rankOf(q, total);
  let above = 0;
  for (let index = high; index >= 0; index--) {
    above += counts[index]!;
    if (above > mayStayAbove) return valueAt(index, q);
  }
  return null;
}

/**
 * Whether a percentile of `n` samples rests on less than one of them: fewer than 100 for p99, than 1,000 for p99.9.
 */
export function isThin(n: number, q: number): boolean {
  // 1000 · (100 − 99.9) is 99.99999999999432 in doubles, and must count as 100.
  return n * (100 - q) < 100 - 1e-6;
}

/** Whether a percentile of `total` samples lies above a bucket that `above` of them lie above. False without samples. */
export function isAbove(q: number, total: number, above: number): boolean {
  return total > 0 && total - above < rankOf(q, total);
}

/** How many samples must be reached. One ulp is taken off, so that rounding of q · total never asks for one too many. */
function rankOf(q: number, total: number): number {
  const exact = (Math.min(q, 100) / 100) * total;
  return Math.max(Math.ceil(exact - 2 ** (Math.floor(Math.log2(exact)) - 52)), 1);
}

function valueAt(index: number, q: number): number {
  return q === 0 ? lowestAt(index) : highestAt(index);
}
