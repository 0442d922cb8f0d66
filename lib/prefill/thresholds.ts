import {
  addCells,
  COUNTS_LENGTH,
  type Counts,
  highestAt,
  indexOf,
  percentile,
  type PayloadRange,
} from "../histogram/index.ts";

/**
 * Latencies between which a p99 is looked for, ascending, each the highest value of its bucket: what is kept of a histogram
 * are its samples above each of them.
 */
export interface Thresholds {
  readonly us: Float64Array;
  /** By bucket, how many thresholds lie below it. */
  readonly below: Uint8Array;
}

/** Most thresholds: steps of 2 to 4 % in any tail worth the name. */
const MOST = 64;
/** Steps narrower than this tell nothing more. */
const NARROWEST = 1.015;

/** Thresholds at exactly these latencies, ascending: for one SLO, or in tests. */
export function thresholdsAt(us: readonly number[]): Thresholds {
  const indexes = [...new Set(us.map((value) => indexOf(Math.round(value))))].sort((a, b) => a - b);
  const below = new Uint8Array(COUNTS_LENGTH);
  for (let bucket = 0; bucket < COUNTS_LENGTH; bucket++) below[bucket] = indexes.filter((at) => at < bucket).length;
  return { us: Float64Array.from(indexes, highestAt), below };
}

/**
 * Thresholds from the p99 of a world without misses to above the p99 as it is, evenly in proportion, with `also` among them (targets of
 * definitions). Both histograms are of all definitions together.
 */
export function thresholdsFor(miss: Counts, hit: Counts, also: readonly number[] = []): Thresholds {
  const all = miss.map((count, at) => count + hit[at]!);
  const high = percentile(all, 99.5) ?? 1;
  const low = Math.max(1, Math.min(percentile(hit, 99) ?? high / 10, high / 1.1, ...also) * 0.8);
  const room = MOST - also.length - 1;
  const steps = Math.max(2, Math.min(room, Math.ceil(Math.log(high / low) / Math.log(NARROWEST))));
  return thresholdsAt([...also, ...Array.from({ length: steps + 1 }, (_, at) => low * (high / low) ** (at / steps))]);
}

/** The threshold nearest to a latency, by its place. */
export function nearestThreshold({ us }: Thresholds, valueUs: number): number {
  let best = 0;
  for (let at = 1; at < us.length; at++)
    if (Math.abs(Math.log(us[at]! / valueUs)) < Math.abs(Math.log(us[best]! / valueUs))) best = at;
  return best;
}

/**
 * Writes how many samples of a TRUSTED payload lie above each threshold to `into`, from `at` on, and returns how many samples
 * there are in all.
 */
export function writeTails({ us, below }: Thresholds, range: PayloadRange, into: Float32Array, at: number): number {
  cells.fill(0, 0, us.length + 1);
  const all = addCells(cells, range, below);
  let above = 0;
  for (let place = us.length - 1; place >= 0; place--) into[at + place] = above += cells[place + 1]!;
  return all;
}

const cells = new Float64Array(256);

/** The share of samples above each threshold; 0 without samples. */
export function tailsOf({ us, below }: Thresholds, counts: Counts): Float64Array {
  const tails = new Float64Array(us.length);
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    total += counts[bucket]!;
    if (below[bucket]! > 0) tails[below[bucket]! - 1]! += counts[bucket]!;
  }
  for (let at = us.length - 2; at >= 0; at--) tails[at]! += tails[at + 1]!;
  return total > 0 ? tails.map((above) => above / total) : tails;
}
