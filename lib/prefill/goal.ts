import { choose, type Choice, type Offers } from "./choose.ts";
import { Cover } from "./cover.ts";
import type { Days } from "./delta.ts";
import { offersOf, roomOf, type Rules, type Steps } from "./offers.ts";
import type { Survey } from "./survey.ts";
import { nearestThreshold } from "./thresholds.ts";

/** What filling is for: `slo`, as few requests as possible above each definition's target; `p99`, the lowest p99 of all. */
export type Goal = "slo" | "p99";

/** What to fill for a goal at a budget. */
export interface Aim extends Choice {
  offers: Offers;
  /** By definition, the place of the threshold its misses are judged by. */
  steps: Steps;
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

/** The best choice at a budget when misses are judged by these thresholds, by what some days tell. */
export function aimAt(survey: Survey, steps: Steps, { budget, rules, days = "all" }: Means): Aim {
  const offers = offersOf(survey, steps, rules, days);
  return { ...choose(offers, roomOf(survey, budget, rules)), offers, steps };
}

export interface Means {
  /** Seconds of fills an hour. */
  budget: number;
  rules: Rules;
  days?: Days;
}

/**
 * The lowest threshold that the p99 can be brought to within a budget, by its place. That it can be brought to one and not to the one below
 * is found by halving.
 */
export function lowestP99(survey: Survey, budget: number, rules: Rules): number {
  let low = 0;
  let high = survey.thresholds.us.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (new Cover(survey, middle, rules).over(budget) <= survey.count / 100) high = middle;
    else low = middle + 1;
  }
  return low;
}
