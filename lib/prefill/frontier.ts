import { totalOf } from "../histogram/index.ts";
import { aimAt, type Goal, stepsFor, targetSteps } from "./goal.ts";
import type { Rules } from "./offers.ts";
import { p99Of } from "./predict.ts";
import { sparedBy } from "./spared.ts";
import type { Survey } from "./survey.ts";
import { tailsOf } from "./thresholds.ts";

/** What work buys. */
export interface FrontierPoint {
  fillSecondsPerHour: number;
  p99Us: number;
}

const POINTS = 16;

/** The p99 at ever larger budgets, from none to enough for everything worth something. */
export function frontierOf(survey: Survey, goal: Goal, rules: Rules): FrontierPoint[] {
  const requests = totalOf(survey.all);
  const before = tailsOf(survey.thresholds, survey.all).map((share) => share * requests);
  const pointAt = (budget: number): FrontierPoint => {
    const aim = aimAt(survey, stepsFor(survey, goal, budget, rules), budget, rules);
    const spared = sparedBy(survey, aim, rules);
    const over = before.map((each, at) => each - spared[at]!);
    return { fillSecondsPerHour: aim.secondsPerHour, p99Us: p99Of(survey.thresholds.us, over, requests) ?? 0 };
  };
  const most = aimAt(survey, targetSteps(survey), Number.POSITIVE_INFINITY, rules).secondsPerHour;
  return Array.from({ length: POINTS + 1 }, (_, at) => pointAt(most * (at / POINTS) ** 2));
}
