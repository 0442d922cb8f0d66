import type { Counts } from "./layout.ts";
import type { PayloadRange } from "./sum.ts";
import { addTight, isTight, tightSpan } from "./tight.ts";
import { cursor, readNumber } from "./zigzag.ts";

/** Counts of which only a part is in use: buckets `low` to `high`, none when `low` is above `high`. */
export interface UsedCounts {
  readonly counts: Counts;
  low: number;
  high: number;
}

/**
 * As `addPayload`, of tight payloads too, to one histogram or to two at once, and widens the parts in use: who adds up, empties and reads thousands of
 * histograms need not pass over their empty buckets each time. Returns the samples added to each.
 */
export function addUsed(into: UsedCounts, range: PayloadRange, also?: UsedCounts): number {
  if (isTight(range)) return addUsedTight(into, range, also);
  const { bytes, start, end } = range;
  let total = 0;
  walk.at = start;
  walk.bucket = 0;
  for (;;) {
    total +=
      also === undefined ? addSmall(into.counts, bytes, end) : addSmallTwice(into.counts, also.counts, bytes, end);
    if (walk.at >= end) break;
    // Runs of empty buckets are at most as long as the layout, which takes two bytes: this is a count.
    const count = readNumber(bytes, walk.at);
    walk.at = cursor.at;
    into.counts[walk.bucket]! += count;
    if (also !== undefined) also.counts[walk.bucket]! += count;
    walk.bucket++;
    total += count;
  }
  if (total === 0) return 0;
  // Nothing follows the last used bucket of a payload.
  const first = firstUsed(bytes, start);
  widen(into, first, walk.bucket - 1);
  if (also !== undefined) widen(also, first, walk.bucket - 1);
  return total;
}

function addUsedTight(into: UsedCounts, range: PayloadRange, also?: UsedCounts): number {
  const total = addTight(into.counts, range, also?.counts);
  widen(into, tightSpan.low, tightSpan.high);
  if (also !== undefined) widen(also, tightSpan.low, tightSpan.high);
  return total;
}

/** Where reading a payload is: the next byte, and the bucket that it is about. One reader runs at a time. */
const walk = { at: 0, bucket: 0 };

/**
 * Adds counts of up to three bytes, which nearly all are, until the end or a longer one. This loop is what questions spend
 * their time in: it calls nothing, so that the compiler keeps everything in registers.
 */
function addSmall(counts: Counts, bytes: Uint8Array, end: number): number {
  let { at, bucket } = walk;
  let total = 0;
  while (at < end) {
    let raw = bytes[at]!;
    if (raw > 127) {
      const high = bytes[at + 1]!;
      raw = (raw & 127) | ((high & 127) << 7);
      if (high > 127) {
        const higher = bytes[at + 2]!;
        if (higher > 127) break;
        raw |= higher << 14;
        at++;
      }
      at++;
    }
    at++;
    if ((raw & 1) === 1) {
      bucket += (raw >>> 1) + 1;
      continue;
    }
    counts[bucket++]! += raw >>> 1;
    total += raw >>> 1;
  }
  walk.at = at;
  walk.bucket = bucket;
  return total;
}

/** As `addSmall`, to two histograms: a test in the loop would cost more than these lines. */
function addSmallTwice(counts: Counts, second: Counts, bytes: Uint8Array, end: number): number {
  let { at, bucket } = walk;
  let total = 0;
  while (at < end) {
    let raw = bytes[at]!;
    if (raw > 127) {
      const high = bytes[at + 1]!;
      raw = (raw & 127) | ((high & 127) << 7);
      if (high > 127) {
        const higher = bytes[at + 2]!;
        if (higher > 127) break;
        raw |= higher << 14;
        at++;
      }
      at++;
    }
    at++;
    if ((raw & 1) === 1) {
      bucket += (raw >>> 1) + 1;
      continue;
    }
    counts[bucket]! += raw >>> 1;
    second[bucket++]! += raw >>> 1;
    total += raw >>> 1;
  }
  walk.at = at;
  walk.bucket = bucket;
  return total;
}

/** The first used bucket of a payload that has one: it begins with a run of empty ones, with one empty one, or with a count. */
function firstUsed(bytes: Uint8Array, start: number): number {
  const number = readNumber(bytes, start);
  if (number < 0) return -number;
  return number === 0 ? 1 : 0;
}

function widen(used: UsedCounts, low: number, high: number): void {
  if (low < used.low) used.low = low;
  if (high > used.high) used.high = high;
}
