import { type Aim, fewestMisses, type Goal, lowestP99 } from "./goal.ts";
import { frontierOf, frontierOfP99, type FrontierPoint } from "./frontier.ts";
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
  const find = wish.goal === "slo" ? fewestMisses : lowestP99;
  const aim = find(survey, wish.budgetSecondsPerHour, wish);
  return {
    aim,
    targetsUs: aim.steps.map((step) => survey.thresholds.us[step]!),
    prediction: predict(survey, aim, wish),
    frontier: wish.goal === "slo" ? frontierOf(survey, aim.offers, wish) : frontierOfP99(survey, wish),
  };
}
