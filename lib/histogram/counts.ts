import { type Counts, highestAt, lowestAt, middleAt } from "./layout.ts";

/** The number of samples. */
export function totalOf(counts: Counts): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index]!;
  return total;
}

/** The highest value of the highest used bucket, in microseconds; `null` without samples. */
export function maxOf(counts: Counts): number | null {
  let index = counts.length - 1;
  while (index >= 0 && counts[index] === 0) index--;
  return index < 0 ? null : highestAt(index);
}

/** The lowest value of the lowest used bucket, in microseconds; `null` without samples. */
export function minOf(counts: Counts): number | null {
  const index = counts.findIndex((count) => count > 0);
  return index < 0 ? null : lowestAt(index);
}

/**
 * The time that samples spent beyond a threshold, summed, in microseconds. Each sample counts as the middle of its
 * bucket, so the sum is within half a bucket's width a sample.
 */
export function timeBeyondUs(counts: Counts, thresholdUs: number): number {
  let sum = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    if (count > 0) sum += count * Math.max(0, middleAt(index) - thresholdUs);
  }
  return sum;
}
