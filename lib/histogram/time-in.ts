import { middleAt } from "./layout.ts";
import { cursor, readNumber } from "./zigzag.ts";
import type { PayloadRange } from "./sum.ts";

/** Samples, and the time they took together, in microseconds. */
export interface TimeIn {
  count: number;
  us: number;
}

/**
 * Adds the samples of a TRUSTED payload to `into`. Each sample counts as the middle of its bucket, so the time is within half a
 * bucket's width a sample.
 */
export function addTimeIn(into: TimeIn, { bytes, start, end }: PayloadRange): void {
  let at = start;
  let bucket = 0;
  while (at < end) {
    const number = readNumber(bytes, at);
    at = cursor.at;
    if (number < 0) {
      bucket -= number;
      continue;
    }
    into.count += number;
    into.us += number * middleAt(bucket++);
  }
}
