import type { PayloadRange } from "./sum.ts";
import { cursor, readNumber } from "./zigzag.ts";

/**
 * Adds the samples of a TRUSTED payload to coarser cells: those of a bucket to `into[cellOf[bucket]]`. Builds nothing. Returns the
 * number of samples.
 */
export function addCells(into: Float64Array, { bytes, start, end }: PayloadRange, cellOf: Uint8Array): number {
  let at = start;
  let bucket = 0;
  let total = 0;
  while (at < end) {
    // As in `addUsed`: everything but a large count stays a small integer.
    let raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at]!;
      if (high > 127) {
        const large = readNumber(bytes, at - 1);
        at = cursor.at;
        into[cellOf[bucket++]!]! += large;
        total += large;
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
    into[cellOf[bucket++]!]! += number;
    total += number;
  }
  return total;
}
