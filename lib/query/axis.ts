import { type Counts, maxOf, percentiles, totalOf } from "../histogram/index.ts";
import type { PercentileAxis } from "./answers.ts";

/** Points to every factor of ten of 1/(1−q). */
const POINTS_A_TEN = 10;

/**
 * The distribution on the percentile axis: evenly spaced in the logarithm of 1/(1−q), as far as there are samples. The
 * last point is the maximum, which has q 100 and stands where one sample of n lies (1/(1−q) = n).
 */
export function axisOf(counts: Counts): PercentileAxis {
  const total = totalOf(counts);
  if (total === 0) return [];
  const steps = Math.ceil(Math.log10(total) * POINTS_A_TEN);
  const oneOvers = Array.from({ length: steps }, (_, at) => 10 ** (at / POINTS_A_TEN));
  const qs = oneOvers.map((oneOver) => 100 * (1 - 1 / oneOver));
  const values = percentiles(counts, qs);
  const points = qs.map((q, at) => ({ q, oneOver: oneOvers[at]!, latencyUs: values[at]! }));
  return [...points, { q: 100, oneOver: total, latencyUs: maxOf(counts)! }];
}
