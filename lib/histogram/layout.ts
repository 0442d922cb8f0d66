/**
 * The one histogram layout: lowest 1 µs, highest 1 h, 2 significant digits.
 *
 * Values below 256 µs have a bucket each. Above, every power of two is cut into 128 buckets, so that a bucket is never
 * wider than 1/128 of its values. An index is plain integer arithmetic; nothing here takes a logarithm.
 */

/** The highest latency that is recorded as it is (1 h). Above it, recorders clamp to it and count a loss. */
export const HIGHEST_US = 3_600_000_000;
export const SIGNIFICANT_DIGITS = 2;
/** The counts array covers 0…4 294 967 295 µs: the next power of two above the highest latency. */
export const COUNTS_LENGTH = 3328;
/** Totals above this cannot be held exactly by a double, and are refused. */
export const HIGHEST_COUNT = Number.MAX_SAFE_INTEGER;

/** Counts by bucket index, `COUNTS_LENGTH` long, each exact up to 2^53 − 1. */
export type Counts = Float64Array;

export function newCounts(): Counts {
  return new Float64Array(COUNTS_LENGTH);
}

/**
 * The bucket of a latency in microseconds.
 * The value must be an integer within 0…4 294 967 295; others give a meaningless index.
 */
export function indexOf(valueUs: number): number {
  const bucket = 24 - Math.clz32(valueUs | 255);
  return (bucket << 7) + (valueUs >>> bucket);
}

/** The bucket of the highest latency. */
export const HIGHEST_INDEX = indexOf(HIGHEST_US);

/** The number of neighbouring microsecond values that share the bucket. */
export function widthAt(index: number): number {
  return index < 256 ? 1 : 1 << ((index >> 7) - 1);
}

/** The lowest value of a bucket (HdrHistogram's `lowestEquivalentValue`), in microseconds. */
export function lowestAt(index: number): number {
  return index < 256 ? index : ((index & 127) + 128) * widthAt(index);
}

/** The highest value of a bucket (HdrHistogram's `highestEquivalentValue`), in microseconds. */
export function highestAt(index: number): number {
  return lowestAt(index) + widthAt(index) - 1;
}

/** The middle of a bucket (HdrHistogram's `medianEquivalentValue`), in microseconds. */
export function middleAt(index: number): number {
  return lowestAt(index) + Math.floor(widthAt(index) / 2);
}
