import { byValue } from "./choose.ts";
import { Cover } from "./cover.ts";
import { type Goal, lowestP99, targetSteps } from "./goal.ts";
import { offersOf, roomOf, type Rules } from "./offers.ts";
import { p99Of } from "./predict.ts";
import { type Kind, Running } from "./running.ts";
import { foldsOf, sparedAt } from "./spared.ts";
import type { Survey } from "./survey.ts";

/** What work buys. */
export interface FrontierPoint {
  fillSecondsPerHour: number;
  p99Us: number;
}

const POINTS = 24;
/** More than any budget. */
const ENDLESS = 1e12;

export function frontierOf(survey: Survey, goal: Goal, rules: Rules): FrontierPoint[] {
  return goal === "slo" ? frontierOfMisses(survey, rules) : frontierOfP99(survey, rules);
}

/** For the goal `p99`: the least work for thresholds that can be reached, from the p99 as it is downwards. */
function frontierOfP99(survey: Survey, rules: Rules): FrontierPoint[] {
  const { us } = survey.thresholds;
  const allowed = survey.count / 100;
  const first = survey.before.findIndex((over) => over <= allowed);
  const highest = first < 0 ? us.length - 1 : first;
  const lowest = lowestP99(survey, ENDLESS, rules);
  const stride = Math.max(1, Math.ceil((highest - lowest) / POINTS));
  const points: FrontierPoint[] = [];
  for (let step = highest; step >= lowest; step -= stride) {
    const fillSecondsPerHour = new Cover(survey, step, rules).leastFor(allowed);
    if (fillSecondsPerHour === Number.POSITIVE_INFINITY) break;
    points.push({ fillSecondsPerHour, p99Us: us[step]! });
  }
  return points;
}

/** For the goal `slo`: the p99 at ever larger budgets, from none to enough for nearly everything worth something. */
function frontierOfMisses(survey: Survey, rules: Rules): FrontierPoint[] {
  const { thresholds, before, count } = survey;
  const steps = targetSteps(survey);
  const all = offersOf(survey, steps, rules);
  const most = 2 * new Running(all, byValue(all)).all;
  const budgets = Array.from({ length: POINTS + 1 }, (_, at) => most * (at / POINTS) ** 2);
  const over = budgets.map(() => before.slice());
  for (const fold of foldsOf(survey)) {
    const offers = offersOf(survey, steps, rules, fold.chosenBy);
    const order = byValue(offers);
    const running = new Running(offers, order);
    const kinds = budgets.map((budget) => running.kinds(roomOf(survey, budget, rules)));
    const spared = sparedByCount(survey, order, kinds.flat(), { judgedBy: fold.judgedBy, rules });
    for (const [point, list] of kinds.entries())
      for (const { count: chosen, share } of list)
        for (const [step, each] of spared.get(chosen)!.entries()) over[point]![step]! -= share * each;
  }
  return budgets.map((fillSecondsPerHour, point) => ({
    fillSecondsPerHour,
    p99Us: p99Of(thresholds.us, over[point]!, count) ?? 0,
  }));
}

/** Requests above each threshold that an order's first spare, for the counts that are asked for: in one go, since users are many. */
function sparedByCount(
  survey: Survey,
  order: Int32Array,
  kinds: readonly Kind[],
  judging: Parameters<typeof sparedAt>[3],
): Map<number, Float64Array> {
  const spared = new Map<number, Float64Array>();
  const sum = new Float64Array(survey.thresholds.us.length);
  let at = 0;
  for (const count of [...new Set(kinds.map((kind) => kind.count))].sort((a, b) => a - b)) {
    for (; at < count; at++)
      for (let step = 0; step < sum.length; step++) sum[step]! += sparedAt(survey, order[at]!, step, judging);
    spared.set(count, sum.slice());
  }
  return spared;
}
