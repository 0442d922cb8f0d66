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

/** Whom to fill, at which price. */
export interface Found {
  aim: Aim;
  /** By definition: the latency that its misses are judged by, in microseconds. */
  targetsUs: number[];
}

/** What it would do, and what other budgets would. */
export interface Solution extends Found {
  prediction: Prediction;
  frontier: FrontierPoint[];
}

/** The best use of a budget, over all definitions of a survey on one scale. */
export function solve(survey: Survey, wish: Wish): Solution {
  const found = find(survey, wish);
  return {
    ...found,
    prediction: predict(survey, found.aim, wish.budgetSecondsPerHour, wish),
    frontier: frontierOf(survey, wish.goal, wish),
  };
}

export function find(survey: Survey, wish: Wish): Found {
  const { goal, budgetSecondsPerHour: budget } = wish;
  const aim = aimAt(survey, stepsFor(survey, goal, budget, wish), { budget, rules: wish });
  return { aim, targetsUs: aim.steps.map((step) => survey.thresholds.us[step]!) };
}
