import { addCount } from "./check.ts";
import { DecodeError } from "./decode-error.ts";
import { COUNTS_LENGTH, HIGHEST_INDEX, highestAt, indexOf, newCounts } from "./layout.ts";
import { encodePayload, type Payload } from "./payload.ts";
import type { ForeignLayout } from "./v2-header.ts";
import { cursor, readCheckedNumber } from "./zigzag.ts";

/** A histogram in our layout, the number of its samples, and how many of them were above the range and clamped. */
export interface Rebucketed {
  payload: Payload;
  count: number;
  overRange: number;
}

const HIGHEST_HELD_US = highestAt(COUNTS_LENGTH - 1);

/**
 * Reads the counts of an UNTRUSTED histogram in another layout into ours.
 *
 * Each bucket goes, whole, to the bucket of ours that holds its middle (HdrHistogram's `medianEquivalentValue`). A bucket
 * of 3 digits lies inside one of ours, so that 3-digit input gives exactly what recording the same values here would have
 * given; a wider bucket (1 digit, or a lowest value above 1 µs) keeps half its width as its error. Totals are exact.
 * Values that our counts cannot hold clamp to the highest latency. Throws `DecodeError`.
 */
export function rebucket(bytes: Uint8Array, layout: ForeignLayout): Rebucketed {
  const counts = newCounts();
  let at = 0;
  let index = 0;
  let total = 0;
  let overRange = 0;
  while (at < bytes.length) {
    const number = readCheckedNumber(bytes, at, bytes.length);
    at = cursor.at;
    const next = index + (number < 0 ? -number : 1);
    if (next > layout.countsLength) throw new DecodeError("index");
    if (number > 0) {
      total = addCount(total, number);
      const valueUs = valueAt(index, layout);
      const beyond = valueUs > HIGHEST_HELD_US;
      if (beyond) overRange += number;
      counts[beyond ? HIGHEST_INDEX : indexOf(valueUs)]! += number;
    }
    index = next;
  }
  return { payload: encodePayload(counts), count: total, overRange };
}

/** The middle of a foreign bucket, in whole microseconds. */
function valueAt(index: number, layout: ForeignLayout): number {
  const half = 2 ** layout.halfMagnitude;
  const bucket = Math.max(Math.floor(index / half) - 1, 0);
  const subBucket = index < half ? index : (index % half) + half;
  const width = 2 ** (bucket + layout.unitMagnitude);
  const middle = subBucket * width + Math.floor(width / 2);
  return Math.round(middle * layout.ratio);
}
