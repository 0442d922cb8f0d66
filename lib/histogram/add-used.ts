import type { Counts } from "./layout.ts";
import { cursor, readNumber } from "./zigzag.ts";

/** Counts of which only a part is in use: buckets `low` to `high`, none when `low` is above `high`. */
export interface UsedCounts {
  readonly counts: Counts;
  low: number;
  high: number;
}

/**
 * As `addPayload`, for TRUSTED bytes from `start` to `end`, and widens the part in use: who adds up, empties and reads
 * thousands of histograms need not pass over their empty buckets each time. Returns the samples added.
 */
export function addUsed(into: UsedCounts, bytes: Uint8Array, ...[start, end]: [start: number, end: number]): number {
  const { counts } = into;
  let at = start;
  let index = 0;
  let total = 0;
  while (at < end) {
    let number = bytes[at]!;
    if (number < 128) {
      at++;
      number = number & 1 ? -(number >>> 1) - 1 : number >>> 1;
    } else {
      number = readNumber(bytes, at);
      at = cursor.at;
    }
    if (number < 0) {
      index -= number;
      continue;
    }
    if (total === 0 && number > 0 && index < into.low) into.low = index;
    counts[index]! += number;
    index++;
    total += number;
  }
  // Nothing follows the last used bucket of a payload.
  if (total > 0 && index - 1 > into.high) into.high = index - 1;
  return total;
}
