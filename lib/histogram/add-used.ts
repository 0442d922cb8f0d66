import type { Counts } from "./layout.ts";
import type { PayloadRange } from "./sum.ts";
import { cursor, readNumber } from "./zigzag.ts";

/** Counts of which only a part is in use: buckets `low` to `high`, none when `low` is above `high`. */
export interface UsedCounts {
  readonly counts: Counts;
  low: number;
  high: number;
}

/**
 * As `addPayload`, to one histogram or to two at once, and widens the parts in use: who adds up, empties and reads thousands of
 * histograms need not pass over their empty buckets each time. Returns the samples added to each.
 */
export function addUsed(into: UsedCounts, { bytes, start, end }: PayloadRange, also?: UsedCounts): number {
  const { counts } = into;
  const second = also?.counts;
  let at = start;
  let index = 0;
  let first = -1;
  let total = 0;
  while (at < end) {
    // Everything but a large count stays a small integer, which is what makes this loop fast.
    let raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at]!;
      if (high > 127) {
        // Runs of zeros are at most as long as the layout, which takes two bytes: this is a count.
        const large = readNumber(bytes, at - 1);
        at = cursor.at;
        if (first < 0) first = index;
        counts[index]! += large;
        if (second !== undefined) second[index]! += large;
        index++;
        total += large;
        continue;
      }
      at++;
      raw = (raw & 127) | (high << 7);
    }
    const number = raw >>> 1;
    if ((raw & 1) === 1) {
      index += number + 1;
      continue;
    }
    if (first < 0 && number > 0) first = index;
    counts[index]! += number;
    if (second !== undefined) second[index]! += number;
    index++;
    total += number;
  }
  if (total > 0) {
    // Nothing follows the last used bucket of a payload.
    widen(into, first, index - 1);
    if (also !== undefined) widen(also, first, index - 1);
  }
  return total;
}

function widen(used: UsedCounts, low: number, high: number): void {
  if (low < used.low) used.low = low;
  if (high > used.high) used.high = high;
}
