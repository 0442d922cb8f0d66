import { type Aim, aimAt, type Goal, stepsFor } from "./goal.ts";
import { frontierOf, type FrontierPoint } from "./frontier.ts";
import type { Rules } from "./offers.ts";
import { predict, type Prediction } from "./predict.ts";
import type { Survey } from "./survey.ts";

/** What a person asks for. */
export interface Wish extends Rules {
  goal: Goal;
  budgetSecondsPerHour: number;
}

/** Whom to fill, at which price, and what it would do. */
export interface Solution {
  aim: Aim;
  /** By definition: the latency that its misses are judged by, in microseconds. */
  targetsUs: number[];
  prediction: Prediction;
  frontier: FrontierPoint[];
}

/** The best use of a budget, over all definitions of a survey on one scale. */
export function solve(survey: Survey, wish: Wish): Solution {
  survey.fit();
  const { goal, budgetSecondsPerHour } = wish;
  const aim = aimAt(
    survey,
    stepsFor(survey, goal, budgetSecondsPerHour * ((wish as { xShare?: number }).xShare ?? 1), wish),
    budgetSecondsPerHour,
    wish,
  );
  return {
    aim,
    targetsUs: aim.steps.map((step) => survey.thresholds.us[step]!),
    prediction: predict(survey, aim, wish),
    frontier: frontierOf(survey, goal, wish),
  };
}
