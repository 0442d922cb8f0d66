import { byValue, type Offers } from "./choose.ts";
import type { Rules } from "./offers.ts";
import { p99Of, sparedBy } from "./predict.ts";
import type { Survey } from "./survey.ts";
import { tailsOf } from "./thresholds.ts";
import { workForP99 } from "./goal.ts";

/** What work buys. */
export interface FrontierPoint {
  fillSecondsPerHour: number;
  p99Us: number;
}

const POINTS = 30;

/** For the goal `p99`: the least work for each threshold that can be reached, least work first. */
export function frontierOfP99(survey: Survey, rules: Rules): FrontierPoint[] {
  const points: FrontierPoint[] = [];
  for (let step = survey.thresholds.us.length - 1; step >= 0; step--) {
    const fillSecondsPerHour = workForP99(survey, step, rules);
    if (fillSecondsPerHour === Number.POSITIVE_INFINITY) break;
    points.push({ fillSecondsPerHour, p99Us: survey.thresholds.us[step]! });
  }
  return points;
}

/** For the goal `slo`: the p99 as ever more is filled in the order of value. */
export function frontierOf(survey: Survey, offers: Offers, rules: Rules): FrontierPoint[] {
  const order = byValue(offers);
  const requests = survey.all.reduce((sum, count) => sum + count, 0);
  const over = tailsOf(survey.thresholds, survey.all).map((share) => share * requests);
  const points: FrontierPoint[] = [];
  let work = 0;
  for (let point = 0; point <= POINTS; point++) {
    points.push({ fillSecondsPerHour: work, p99Us: p99Of(survey.thresholds.us, over, requests) ?? 0 });
    const from = Math.floor((order.length * point) / POINTS);
    const next = order.subarray(from, Math.floor((order.length * (point + 1)) / POINTS));
    const spared = sparedBy(survey, next, rules);
    for (let at = 0; at < over.length; at++) over[at]! -= spared[at]!;
    for (const at of next) work += offers.work[at]!;
  }
  return points;
}
