import type { ByteWriter } from "./byte-writer.ts";
import { DecodeError } from "./decode-error.ts";
import { HIGHEST_COUNT } from "./layout.ts";

/**
 * The numbers of an HdrHistogram V2 payload: ZigZag, then LEB128. A count is written as it is, a run of zeros as its
 * negative length. Counts reach 2^53 − 1, so a number takes at most eight bytes; it is put together from two halves,
 * because a ZigZag value of 54 bits does not fit a double.
 */

/** Where the last read number ended. One reader runs at a time: nothing here is asynchronous. */
export const cursor = { at: 0 };

/** Writes a count. Sums above 2^53 − 1 stay there: they are not exact any more, and longer numbers cannot be read. */
export function writeCount(out: ByteWriter, count: number): void {
  out.varint(Math.min(count, HIGHEST_COUNT) * 2);
}

/** Writes a run of `length` ≥ 2 empty buckets. */
export function writeZeros(out: ByteWriter, length: number): void {
  out.varint(length * 2 - 1);
}

/** Reads one number of TRUSTED bytes: a count, or the negative length of a run of zeros. Sets `cursor.at`. */
export function readNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  let byte = bytes[at++]!;
  let low = byte & 127;
  for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
    byte = bytes[at++]!;
    low |= (byte & 127) << shift;
  }
  let high = 0;
  for (let scale = 1; byte > 127; scale *= 128) {
    byte = bytes[at++]!;
    high += (byte & 127) * scale;
  }
  cursor.at = at;
  return toNumber(low, high);
}

/**
 * Reads one number of UNTRUSTED bytes that must end before `end`. Sets `cursor.at`.
 * Throws `DecodeError` when it is cut off or above 2^53 − 1.
 */
export function readCheckedNumber(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + 8);
  let at = start;
  while (at < limit && bytes[at]! > 127) at++;
  if (at >= limit) throw new DecodeError(limit === end ? "truncated" : "count");
  const value = readNumber(bytes, start);
  if (value > HIGHEST_COUNT || value < -HIGHEST_COUNT) throw new DecodeError("count");
  return value;
}

/** From the low 28 and the high 28 bits of a ZigZag value to the number it stands for. */
function toNumber(low: number, high: number): number {
  const half = high * 0x800_0000 + (low >>> 1);
  return low & 1 ? -half - 1 : half;
}
