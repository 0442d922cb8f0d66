import { type Counts, highestAt, lowestAt, totalOf } from "../histogram/index.ts";
import { logBeta } from "./log-gamma.ts";

/** A range in microseconds; `highUs` is null when there is no bound yet. */
export interface Bounds {
  lowUs: number;
  highUs: number | null;
}

/** How much of the mixture lies near the expected share: bounds are tightest after some thousand samples. Any value is valid. */
const WEIGHT = 100;

/**
 * ln of the evidence that `hits` of `total` yes-or-no samples are not of the chance `p`: the beta-binomial mixture of likelihood ratios,
 *
 *     M(hits) = B(a + hits, b + total − hits) / (B(a, b) · p^hits · (1 − p)^(total − hits)),   a = w p, b = w (1 − p).
 *
 * Where the chance is `p` it is a non-negative martingale that starts at 1, so that by Ville's inequality it ever reaches 1/α with a
 * probability of at most α: at whichever moments, and how often, one looks. See Howard and Ramdas, Sequential estimation of
 * quantiles (Bernoulli 28, 2022), theorem 1, and Howard et al., Time-uniform confidence sequences (Annals of Statistics 49, 2021).
 */
// oxlint-disable-next-line max-params -- the formula's own
export function logEvidence(hits: number, total: number, p: number, weight = WEIGHT): number {
  const [a, b] = [weight * p, weight * (1 - p)];
  const mixture = logBeta(a + hits, b + total - hits) - logBeta(a, b);
  return mixture - hits * Math.log(p) - (total - hits) * Math.log(1 - p);
}

/**
 * Where the percentile `q` (0…100) of what the samples are drawn from lies. Of all such ranges that are ever looked at while samples
 * come in, all hold it, with a probability of 1 − `alpha`.
 *
 * The number of samples at or below the true percentile is binomial of chance q. Those numbers that are not refuted by `logEvidence` are
 * a range of ranks; the samples of those ranks bound the percentile. Where samples share a bucket, the whole bucket belongs to it.
 */
export function percentileBounds(counts: Counts, q: number, alpha: number): Bounds {
  const total = totalOf(counts);
  const [fewest, most] = ranksFor(total, q / 100, Math.log(1 / alpha));
  return { lowUs: lowestAt(bucketOfRank(counts, fewest)), highUs: highOf(counts, most, total) };
}

/** The ranks that are not refuted: evidence is convex in them, with its lowest near `total · p`. */
function ranksFor(total: number, p: number, limit: number): [fewest: number, most: number] {
  const isRefuted = (hits: number): boolean => logEvidence(hits, total, p) >= limit;
  const middle = Math.round(total * p);
  return [lastKept(middle, 0, isRefuted), lastKept(middle, total, isRefuted)];
}

/** From one that is not refuted towards the end, the last that is not. */
function lastKept(from: number, end: number, isRefuted: (hits: number) => boolean): number {
  if (!isRefuted(end)) return end;
  let [kept, refuted] = [from, end];
  while (Math.abs(refuted - kept) > 1) {
    const between = Math.trunc((kept + refuted) / 2);
    // Above 2^53 numbers lie further apart than one.
    if (between === kept || between === refuted) break;
    if (isRefuted(between)) refuted = between;
    else kept = between;
  }
  return kept;
}

/** The bucket of the sample of a rank, from 1; 0 is below all samples. */
function bucketOfRank(counts: Counts, rank: number): number {
  let reached = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (reached >= rank) return rank === 0 ? 0 : bucket - 1;
    reached += counts[bucket]!;
  }
  return counts.length - 1;
}

/** Up to the sample behind the highest rank: before that one, the percentile may still lie. */
function highOf(counts: Counts, most: number, total: number): number | null {
  return most >= total ? null : highestAt(bucketOfRank(counts, most + 1));
}
