import type { Offers } from "./choose.ts";
import { type Days, deltaAt } from "./delta.ts";
import type { Room } from "./running.ts";
import type { Survey } from "./survey.ts";
import { valueOf } from "./value.ts";

/** What people set. */
export interface Rules {
  /** Share of decisions that are withheld, and of users that are held out: both are neither filled nor paid for. */
  withheldShare: number;
  holdOutShare: number;
  /** What a budget is: `limit`, what no hour may exceed; `average`, what hours spend on average, a busy one more and a quiet one less. */
  budgetIs: "limit" | "average";
  /** Processes that decide: each has its part of the limit. */
  instances: number;
}

/** By definition, the place of the threshold that its misses are judged by. */
export type Steps = readonly number[];

/** Every candidate with its value at the thresholds, by what some days tell, and the work an hour that filling it takes. */
export function offersOf(survey: Survey, steps: Steps, rules: Rules, days: Days = "all"): Offers {
  const { candidates, definitions } = survey;
  const value = new Float64Array(candidates.size);
  const work = new Float64Array(candidates.size);
  for (let at = 0; at < candidates.size; at++) {
    const definition = candidates.definition[at]!;
    const delta = deltaAt(survey, at, steps[definition]!, days);
    const inTime = definitions[definition]!.inTime * candidates.kept[at]!;
    value[at] = valueOf(candidates.use[at]!, inTime, delta, candidates.costUs[at]!);
    work[at] = (fillsPerHour(survey, at, rules) * candidates.costUs[at]!) / 1e6;
  }
  return { value, work, costSeconds: (place) => candidates.costUs[place]! / 1e6 };
}

/** Fills an hour when every signal of the candidate is answered: its announced visits, and the signals that no visit follows. */
export function fillsPerHour({ candidates, definitions }: Survey, candidate: number, rules: Rules): number {
  const { announced } = definitions[candidates.definition[candidate]!]!;
  const signals = (candidates.coldPerHour[candidate]! * announced) / Math.max(candidates.use[candidate]!, 1e-6);
  return signals * notHeldBack(rules);
}

/** Share of a chosen candidate's cold visits that find a filled value. */
export function coveredShare({ candidates, definitions }: Survey, candidate: number, rules: Rules): number {
  const { announced, inTime } = definitions[candidates.definition[candidate]!]!;
  return announced * inTime * candidates.kept[candidate]! * notHeldBack(rules);
}

function notHeldBack({ withheldShare, holdOutShare }: Rules): number {
  return (1 - withheldShare) * (1 - holdOutShare);
}

/**
 * An hour may take so many times what hours like it are to spend on average. Users come by chance: were it no more than the average, a quarter
 * of the fills would find no room, and nothing would make up for them.
 */
const LIMIT_OVER_AVERAGE = 1.5;

/** What a budget of so many seconds leaves room for. */
export function roomOf({ busy }: Survey, secondsPerHour: number, { budgetIs, instances }: Rules): Room {
  if (budgetIs === "limit") {
    const limits = busy.map(() => secondsPerHour);
    return { limits, aims: limits, busy, instances };
  }
  const aims = busy.map((factor) => secondsPerHour * factor);
  return { limits: aims.map((aim) => LIMIT_OVER_AVERAGE * aim), aims, busy, instances };
}
