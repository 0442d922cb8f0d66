import { totalOf } from "../histogram/index.ts";
import { byValue, choose, type Choice, type Offers } from "./choose.ts";
import type { Days } from "./delta.ts";
import { offersOf, type Rules } from "./offers.ts";
import { sparedBy } from "./spared.ts";
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

/** The places of the definitions' own targets among the thresholds. */
export function targetSteps({ definitions, thresholds }: Survey): number[] {
  return definitions.map(({ seen }) => nearestThreshold(thresholds, seen.targetUs));
}

/** By definition, the place of the threshold that a goal judges misses by, at a budget of so many seconds of fills an hour. */
export function stepsFor(survey: Survey, goal: Goal, budget: number, rules: Rules): number[] {
  if (goal === "slo") return targetSteps(survey);
  const step = lowestP99(survey, budget, rules);
  return survey.definitions.map(() => step);
}

/** What may be spent in each kind of hour, in seconds: the same, or in proportion to everybody's visits. */
export function budgetsOf({ busy }: Survey, secondsPerHour: number, { follows }: Rules): Float64Array {
  return Float64Array.from(busy, (factor) => secondsPerHour * (follows ? factor : 1));
}

/** The best choice at a budget when each definition's misses are judged by its own threshold, by what some days tell. */
export function aimAt(survey: Survey, steps: number[], budget: number, rules: Rules, days: Days = "all"): Aim {
  const offers = offersOf(survey, (definition) => steps[definition]!, rules, days);
  return { ...choose(offers, budgetsOf(survey, budget, rules)), offers, steps };
}

/**
 * The lowest p99 for at most `budget` seconds of fills an hour: the least threshold x above which at most 1 % of requests can be
 * brought within the budget. What brings requests below x is additive, so for one x it is a cover problem, solved greedily; that it
 * can be done at x but not below is found by halving.
 */
export function lowestP99(survey: Survey, budget: number, rules: Rules): number {
  const { us } = survey.thresholds;
  const before = tailsOf(survey.thresholds, survey.all);
  const requests = totalOf(survey.all);
  let low = 0;
  let high = us.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const aim = aimAt(
      survey,
      survey.definitions.map(() => middle),
      budget,
      rules,
    );
    const over = before[middle]! * requests - sparedBy(survey, aim, rules)[middle]!;
    if (over <= requests / 100) high = middle;
    else low = middle + 1;
  }
  return low;
}
