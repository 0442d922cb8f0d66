import type { Offers } from "./choose.ts";
import { type Days, deltaAt } from "./delta.ts";
import type { Survey } from "./survey.ts";
import { valueOf } from "./value.ts";

/** What people set. */
export interface Rules {
  /** Share of decisions that are withheld, and of users that are held out: both are neither filled nor paid for. */
  withheldShare: number;
  holdOutShare: number;
  /** Whether the budget is one of an average hour, larger in busy ones and smaller in quiet ones; else it is the same in every hour. */
  follows: boolean;
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
    value[at] = valueOf(candidates.use[at]!, definitions[definition]!.inTime, delta, candidates.costUs[at]!);
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
  return announced * inTime * notHeldBack(rules);
}

function notHeldBack({ withheldShare, holdOutShare }: Rules): number {
  return (1 - withheldShare) * (1 - holdOutShare);
}

/** What may be spent in an hour of each kind, in seconds. */
export function budgetsOf({ busy }: Survey, secondsPerHour: number, { follows }: Pick<Rules, "follows">): Float64Array {
  return busy.map((factor) => secondsPerHour * (follows ? factor : 1));
}
