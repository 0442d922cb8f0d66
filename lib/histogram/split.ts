import { cursor, readNumber } from "./zigzag.ts";

/** How many samples payloads have, and how many of those lie above a bucket. */
export interface Split {
  count: number;
  above: number;
}

/** Where a TRUSTED payload lies, as in `PayloadRange`. */
interface Lies {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Adds the samples of a TRUSTED payload to `into`: all of them, and those in buckets above `index`. Builds nothing. */
export function addSplit(into: Split, { bytes, start, end }: Lies, index: number): void {
  let at = start;
  let bucket = 0;
  let count = 0;
  let above = 0;
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
      bucket -= number;
      continue;
    }
    count += number;
    if (bucket > index) above += number;
    bucket++;
  }
  into.count += count;
  into.above += above;
}
