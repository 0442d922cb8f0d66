import { Cover } from "./cover.ts";
import { aimAt, type Goal, targetSteps } from "./goal.ts";
import type { Rules } from "./offers.ts";
import { p99Of, sparedByGroup, totals } from "./predict.ts";
import type { Survey } from "./survey.ts";

/** What work buys. */
export interface FrontierPoint {
  fillSecondsPerHour: number;
  p99Us: number;
}

const POINTS = 24;

export function frontierOf(survey: Survey, goal: Goal, rules: Rules): FrontierPoint[] {
  return goal === "slo" ? frontierOfMisses(survey, rules) : frontierOfP99(survey, rules);
}

/** For the goal `p99`: the least work for thresholds that can be reached, least work first. */
function frontierOfP99(survey: Survey, rules: Rules): FrontierPoint[] {
  const { us } = survey.thresholds;
  const points: FrontierPoint[] = [];
  const first = us.findIndex((_, step) => survey.before[step]! <= survey.count / 100);
  const stride = Math.max(1, Math.ceil(us.length / POINTS));
  for (let step = first < 0 ? us.length - 1 : first; step >= 0; step -= stride) {
    const fillSecondsPerHour = new Cover(survey, step, rules).leastFor(survey.count / 100);
    if (fillSecondsPerHour === Number.POSITIVE_INFINITY) break;
    points.push({ fillSecondsPerHour, p99Us: us[step]! });
  }
  return points;
}

/** For the goal `slo`: the p99 at ever larger budgets, from none to enough for everything worth something. */
function frontierOfMisses(survey: Survey, rules: Rules): FrontierPoint[] {
  const { thresholds, before, count } = survey;
  const steps = targetSteps(survey);
  const most = 2 * aimAt(survey, steps, { budget: 1e12, rules }).secondsPerHour;
  return Array.from({ length: POINTS + 1 }, (_, at) => {
    const budget = most * (at / POINTS) ** 2;
    const spared = totals(sparedByGroup(survey, steps, budget, rules).byGroup, thresholds.us.length);
    const over = before.map((each, step) => each - spared[step]!);
    return { fillSecondsPerHour: budget, p99Us: p99Of(thresholds.us, over, count) ?? 0 };
  });
}
