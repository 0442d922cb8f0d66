import type { Offers } from "./choose.ts";
import { type Days, deltaAt } from "./delta.ts";
import type { Survey } from "./survey.ts";
import { valueOf } from "./value.ts";

/** What people set. */
export interface Rules {
  /** Share of decisions that are withheld, and of users that are held out: both are neither filled nor paid for. */
  withheldShare: number;
  holdOutShare: number;
}

/** Which threshold each definition's misses are judged by: its place among the survey's thresholds. */
export type Targets = (definition: number) => number;

/** Every candidate with its value at the targets, and the work an hour that filling it takes. */
export function offersOf(survey: Survey, targets: Targets, rules: Rules, days: Days = "all"): Offers {
  const { candidates, definitions } = survey;
  const value = new Float64Array(candidates.size);
  const work = new Float64Array(candidates.size);
  for (let at = 0; at < candidates.size; at++) {
    const judged = definitions[candidates.definition[at]!]!;
    value[at] = valueOf(
      candidates.use[at]!,
      judged.inTime,
      deltaAt(survey, at, targets(candidates.definition[at]!), days),
      candidates.costUs[at]!,
    );
    work[at] = (fillsPerHour(survey, at, rules) * candidates.costUs[at]!) / 1e6;
  }
  return { value, work };
}

/** Fills an hour when every signal of the candidate is answered: its announced visits, and the signals that no visit follows. */
export function fillsPerHour({ candidates, definitions }: Survey, candidate: number, rules: Rules): number {
  const { announced } = definitions[candidates.definition[candidate]!]!;
  const signals = (candidates.coldPerHour[candidate]! * announced) / Math.max(candidates.use[candidate]!, 1e-6);
  return signals * (1 - rules.withheldShare) * (1 - rules.holdOutShare);
}

/** Share of a chosen candidate's cold visits that find a filled value. */
export function coveredShare({ candidates, definitions }: Survey, candidate: number, rules: Rules): number {
  const { announced, inTime } = definitions[candidates.definition[candidate]!]!;
  return announced * inTime * (1 - rules.withheldShare) * (1 - rules.holdOutShare);
}
