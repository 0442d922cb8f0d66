import { byValue, choose, type Choice, type Offers } from "./choose.ts";
import { offersOf, type Rules } from "./offers.ts";
import { sparedBy } from "./predict.ts";
import type { Survey } from "./survey.ts";
import { nearestThreshold, tailsOf } from "./thresholds.ts";

/** What filling is for: `slo`, as few requests as possible above each definition's target; `p99`, the lowest p99 of all. */
export type Goal = "slo" | "p99";

/** What to fill for a goal at a budget. */
export interface Aim extends Choice {
  offers: Offers;
  /** By definition, the place of the threshold its misses are judged by. */
  steps: number[];
}

/** Fewest requests above each definition's own target, for at most `budget` seconds of fills an hour. */
export function fewestMisses(survey: Survey, budget: number, rules: Rules): Aim {
  const steps = survey.definitions.map(({ seen }) => nearestThreshold(survey.thresholds, seen.targetUs));
  const offers = offersOf(survey, (definition) => steps[definition]!, rules);
  return { ...choose(offers, budget), offers, steps };
}

/**
 * The lowest p99 for at most `budget` seconds of fills an hour: the least threshold x above which at most 1 % of requests can be
 * brought within the budget. What brings requests below x is additive, so for one x it is a cover problem, solved greedily; that it
 * can be done at x but not below is found by halving.
 */
export function lowestP99(survey: Survey, budget: number, rules: Rules): Aim {
  const { us } = survey.thresholds;
  let low = 0;
  let high = us.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (workForP99(survey, middle, rules) <= budget) high = middle;
    else low = middle + 1;
  }
  const offers = offersOf(survey, () => low, rules);
  return { ...choose(offers, budget), offers, steps: survey.definitions.map(() => low) };
}

/** The least seconds of fills an hour that bring the p99 to a threshold; infinite when nothing can. */
export function workForP99(survey: Survey, step: number, rules: Rules): number {
  const offers = offersOf(survey, () => step, rules);
  const order = byValue(offers);
  const tails = tailsOf(survey.thresholds, survey.all);
  const requests = survey.all.reduce((sum, count) => sum + count, 0);
  let tooMany = (tails[step]! - 0.01) * requests;
  let work = 0;
  for (const at of order) {
    if (tooMany <= 0) break;
    tooMany -= sparedBy(survey, Int32Array.of(at), rules)[step]!;
    work += offers.work[at]!;
  }
  return tooMany <= 0 ? work : Number.POSITIVE_INFINITY;
}
