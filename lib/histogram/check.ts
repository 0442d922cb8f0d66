import { DecodeError } from "./decode-error.ts";
import { COUNTS_LENGTH, HIGHEST_COUNT } from "./layout.ts";
import { cursor, readCheckedNumber } from "./zigzag.ts";

/** No payload is longer: every bucket used, eight bytes each. */
export const LONGEST_PAYLOAD = COUNTS_LENGTH * 8;

/**
 * Checks UNTRUSTED bytes (or the part from `start` to `end`) to be a payload in its one legal form, and returns its
 * number of samples. Throws `DecodeError`. It allocates nothing, and reads each byte at most twice.
 */
export function checkPayload(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start > LONGEST_PAYLOAD) throw new DecodeError("length");
  let at = start;
  let index = 0;
  let total = 0;
  let afterZeros = false;
  while (at < end) {
    const number = readCheckedNumber(bytes, at, end);
    if (isOverlong(bytes, at, cursor.at)) throw new DecodeError("canonical");
    at = cursor.at;
    const empty = number <= 0;
    if (empty && (afterZeros || number === -1)) throw new DecodeError("canonical");
    afterZeros = empty;
    index += number < 0 ? -number : 1;
    if (index > COUNTS_LENGTH) throw new DecodeError("index");
    if (number > 0) total = addCount(total, number);
  }
  if (afterZeros) throw new DecodeError("canonical");
  return total;
}

/** The sum of two counts; throws `DecodeError` when a double cannot hold it exactly. */
export function addCount(total: number, count: number): number {
  if (count > HIGHEST_COUNT - total) throw new DecodeError("count");
  return total + count;
}

/** Whether a number was padded: its last byte adds nothing. */
function isOverlong(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > 1 && bytes[end - 1] === 0;
}
