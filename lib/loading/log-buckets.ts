/** Counts of values by bucket. Values below 64 have a bucket each; above, four buckets cover a doubling. */
export type LogBuckets = Map<number, number>;

const EXACT = 64;
const PER_DOUBLING = 4;
/** Holds 6 · 10⁹, more than an hour in microseconds. */
export const HIGHEST_LOG_BUCKET = 171;

/** The bucket of a value of 0 or more; what is no number is 0. */
export function logBucketOf(value: number): number {
  if (!(value >= EXACT)) return value > 0 ? Math.floor(value) : 0;
  return Math.min(EXACT + Math.floor(PER_DOUBLING * Math.log2(value / EXACT)), HIGHEST_LOG_BUCKET);
}

/** The highest whole value of a bucket: at most a fifth above the lowest. */
export function topOfLogBucket(bucket: number): number {
  return bucket < EXACT ? bucket : Math.ceil(EXACT * 2 ** ((bucket + 1 - EXACT) / PER_DOUBLING)) - 1;
}

export function addToLogBuckets(into: LogBuckets, value: number, times = 1): void {
  const bucket = logBucketOf(value);
  into.set(bucket, (into.get(bucket) ?? 0) + times);
}

export function mergeLogBuckets(into: LogBuckets, from: Iterable<readonly [number, number]>): void {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

/** The value below or at which the share `q` (0…1) of all is, as the highest of its bucket; null of none. */
export function quantileOfLogBuckets(buckets: LogBuckets, q: number): number | null {
  const used = [...buckets].filter(([, count]) => count > 0).toSorted(([a], [b]) => a - b);
  const total = used.reduce((sum, [, count]) => sum + count, 0);
  let reached = 0;
  for (const [bucket, count] of used) {
    reached += count;
    if (reached >= q * total) return topOfLogBucket(bucket);
  }
  return null;
}
