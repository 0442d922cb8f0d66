import { ByteWriter } from "./byte-writer.ts";
import { type Counts } from "./layout.ts";
import { cursor, readNumber, writeCount, writeZeros } from "./zigzag.ts";

/**
 * The counts of a histogram as bytes: the counts part of an HdrHistogram V2 encoding in our layout, without its header.
 * ZigZag-LEB128 numbers from bucket 0 to the last used bucket, a run of two or more empty buckets as one negative
 * number. Runs are maximal, nothing follows the last used bucket, and an empty histogram is no bytes at all: the same
 * counts always give the same bytes.
 */
export type Payload = Uint8Array;

/** Appends a count that comes after `zeros` empty buckets. */
export function writeBucket(out: ByteWriter, zeros: number, count: number): void {
  if (zeros > 1) writeZeros(out, zeros);
  else if (zeros === 1) out.byte(0);
  writeCount(out, count);
}

/** Counts below this are small: twice as much takes at most two bytes. */
const SMALL = 8_192;
/** The most bytes that `writeSmallBucket` appends, and `writeBucket`. */
export const LONGEST_BUCKET = 4;
const LONGEST_OF_ALL = 10;

/** As `writeBucket`, for a count below 8,192 and a writer with room for `LONGEST_BUCKET` more bytes. */
export function writeSmallBucket(out: ByteWriter, zeros: number, count: number): void {
  out.at = putBucket(out.bytes, out.at, zeros, count);
}

/** Puts a small bucket at a place and returns the place behind it. */
// oxlint-disable-next-line max-params -- called for every bucket that is written
function putBucket(bytes: Uint8Array, at: number, zeros: number, count: number): number {
  let end = at;
  if (zeros > 1) end = putSmall(bytes, end, zeros * 2 - 1);
  else if (zeros === 1) bytes[end++] = 0;
  return putSmall(bytes, end, count * 2);
}

function putSmall(bytes: Uint8Array, at: number, number: number): number {
  if (number < 128) {
    bytes[at] = number;
    return at + 1;
  }
  bytes[at] = (number & 127) | 128;
  bytes[at + 1] = number >>> 7;
  return at + 2;
}

/** Appends the payload of counts by bucket index. Counts are integers, 0…2^53 − 1. */
export function writePayload(out: ByteWriter, counts: ArrayLike<number>): void {
  let next = 0;
  for (let start = 0; start < counts.length; start += STRETCH) {
    if (isEmptyStretch(counts, start)) continue;
    out.ensure(STRETCH * LONGEST_OF_ALL);
    next = writeStretch(out, counts, start, next);
  }
}

/** Appends the used buckets of a stretch. `next` is the bucket behind the last one written; so is what it returns. */
// oxlint-disable-next-line max-params -- called for every stretch that is written
function writeStretch(out: ByteWriter, counts: ArrayLike<number>, start: number, next: number): number {
  const end = Math.min(start + STRETCH, counts.length);
  const { bytes } = out;
  let at = out.at; // in a variable of its own, which the compiler need not store for every byte
  for (let index = start; index < end; index++) {
    const count = counts[index]!;
    if (count === 0) continue;
    if (count < SMALL) at = putBucket(bytes, at, index - next, count);
    else {
      out.at = at;
      writeBucket(out, index - next, count);
      at = out.at;
    }
    next = index + 1;
  }
  out.at = at;
  return next;
}

/** Most buckets are empty: looking at eight at once makes encoding three times faster. */
const STRETCH = 8;

/** Whether eight buckets are empty. Beyond the end of `counts` the sum is no number, and the answer no. */
function isEmptyStretch(counts: ArrayLike<number>, at: number): boolean {
  const low = counts[at]! + counts[at + 1]! + counts[at + 2]! + counts[at + 3]!;
  return low + counts[at + 4]! + counts[at + 5]! + counts[at + 6]! + counts[at + 7]! === 0;
}

const scratch = new ByteWriter(1024);

/** The payload of counts by bucket index, as bytes of its own. */
export function encodePayload(counts: ArrayLike<number>): Payload {
  scratch.at = 0;
  writePayload(scratch, counts);
  return scratch.copy();
}

/**
 * Adds the counts of a TRUSTED payload (or of the part from `start` to `end` of a larger buffer) to `into`, straight from
 * the bytes. Returns the number of samples added. Sums are exact up to 2^53 − 1; keeping below is the caller's care.
 */
export function addPayload(into: Counts, payload: Payload, start = 0, end = payload.length): number {
  let at = start;
  let index = 0;
  let total = 0;
  while (at < end) {
    let number = payload[at]!;
    if (number < 128) {
      at++;
      number = number & 1 ? -(number >>> 1) - 1 : number >>> 1;
    } else {
      number = readNumber(payload, at);
      at = cursor.at;
    }
    if (number < 0) {
      index -= number;
      continue;
    }
    into[index]! += number;
    index++;
    total += number;
  }
  return total;
}

/** The number of samples in a TRUSTED payload. */
export function countOf(payload: Payload): number {
  return countAbove(payload, -1);
}

/** The number of samples of a TRUSTED payload (or of its part from `start` to `end`) in buckets above `index`. */
export function countAbove(payload: Payload, index: number, start = 0, end = payload.length): number {
  let at = start;
  let bucket = 0;
  let total = 0;
  while (at < end) {
    const number = readNumber(payload, at);
    at = cursor.at;
    if (number < 0) bucket -= number;
    else if (bucket++ > index) total += number;
  }
  return total;
}
