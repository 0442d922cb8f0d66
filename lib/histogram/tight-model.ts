/**
 * What who writes a tight payload (tighten.ts) and who reads it (tight.ts) have in common: the parameter of each Rice code follows
 * from the buckets before. Everything is integer arithmetic in sixteenths, so that one follows the other in every step.
 */

/** The first byte of a tight payload. No other begins with it: it would be a run of a single empty bucket. */
export const TIGHT = 1;

/** Below so much in a bucket, runs of empty ones are told. */
export const FULL = 12;
/** Rice codes with longer prefixes are written as whole numbers of so many bits. */
export const LONGEST_PREFIX = 20;
export const WHOLE_BITS = 56;
/** Means end here: what is far above is written as whole numbers. */
const MOST = 1 << 20;

/** What is expected at first of differences, runs and what used buckets hold beyond 1; and of runs behind full buckets. */
export const START = { mean: 0, off: 32, runs: 256, beyond: 2 };
export const RUNS_AFTER_FULL = 32;
export const BEYOND_AFTER_FULL = 2;
const LEAST_OFF = 8;

/** The parameter for numbers of such a mean: the bits of about 0.7 times the mean. */
export const parameterOf = (mean: number): number => 32 - Math.clz32(Math.imul(mean, 11) >>> 8);

/** What neighbours held, where buckets become twice as wide. */
export const widened = (mean: number, index: number): number =>
  (index & 127) === 0 && index >= 256 && mean < MOST * 8 ? mean * 2 : mean;

/** The mean after another number: a part of the way to it. */
export const towards = (mean: number, number: number, shift: number): number =>
  mean + (((number < MOST ? number : MOST) * 16 - mean) >> shift);

/** The mean after a run of empty buckets and a used one, which holds so much beyond 1. */
export const afterRun = (mean: number, run: number, beyond: number): number =>
  mean + (((((((beyond < 4_095 ? beyond : 4_095) + 1) * 16) / (run + 1)) | 0) - mean) >> 2);

/** How far off full buckets are expected to be from what is expected of them, when runs end. */
export const offAfterRun = (mean: number): number => (mean * 2 < LEAST_OFF ? LEAST_OFF : mean * 2);

/** The difference of a count to what was expected, from 0 on: above and below in turn, then what is further above. */
export function folded(count: number, expected: number): number {
  if (count > expected * 2) return count;
  return count >= expected ? (count - expected) * 2 : (expected - count) * 2 - 1;
}

export function unfolded(difference: number, expected: number): number {
  if (difference > expected * 2) return difference;
  return difference & 1 ? expected - ((difference + 1) >> 1) : expected + (difference >> 1);
}
