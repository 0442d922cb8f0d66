import type { PayloadRange } from "./sum.ts";
import { cursor, readNumber } from "./zigzag.ts";

/** How many samples payloads have, and how many of those lie above a bucket. */
export interface Split {
  count: number;
  above: number;
}

/** Adds the samples of a TRUSTED payload to `into`: all of them, and those in buckets above `index`. Builds nothing. */
export function addSplit(into: Split, { bytes, start, end }: PayloadRange, index: number): void {
  let at = start;
  let bucket = 0;
  let count = 0;
  let above = 0;
  while (at < end) {
    // As in `addUsed`: everything but a large count stays a small integer.
    let raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at]!;
      if (high > 127) {
        const large = readNumber(bytes, at - 1);
        at = cursor.at;
        count += large;
        if (bucket++ > index) above += large;
        continue;
      }
      at++;
      raw = (raw & 127) | (high << 7);
    }
    const number = raw >>> 1;
    if ((raw & 1) === 1) {
      bucket += number + 1;
      continue;
    }
    count += number;
    if (bucket++ > index) above += number;
  }
  into.count += count;
  into.above += above;
}
