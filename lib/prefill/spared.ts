import type { Choice } from "./choose.ts";
import { type Days, missTail } from "./delta.ts";
import { coveredShare, type Rules, type Steps } from "./offers.ts";
import { GROUPS, type Survey } from "./survey.ts";

/** What is chosen by some days, and the days that it is judged by. */
export interface Fold {
  chosenBy: Days;
  judgedBy: Days;
}

/** With less than this part of all misses in one half, days are not told apart. */
const LEAST_HALF = 0.1;

/**
 * Who is chosen for what was seen of them was partly lucky to be seen so; the days that chose them do not tell what they will be like. So
 * what is chosen by even days is judged by odd ones, and the other way round. While nearly all was seen on one kind of day, both are done by all.
 */
export function foldsOf({ misses }: Survey): Fold[] {
  if (Math.min(misses.even, misses.odd) < LEAST_HALF * (misses.even + misses.odd))
    return [{ chosenBy: "all", judgedBy: "all" }];
  return [
    { chosenBy: "even", judgedBy: "odd" },
    { chosenBy: "odd", judgedBy: "even" },
  ];
}

/** Requests of some days above a threshold that are spared when a candidate is filled at every signal. */
export function sparedAt(survey: Survey, candidate: number, step: number, { judgedBy, rules }: Judging): number {
  const { candidates, thresholds } = survey;
  const at = candidate * thresholds.us.length + step;
  const { even, odd } = { even: candidates.even[candidate]!, odd: candidates.odd[candidate]! };
  // Visits that were spared computing by a fill left no miss, but would have been one.
  const each = (candidates.coldPerHour[candidate]! * survey.hours) / Math.max(1, even + odd);
  const covered = each * coveredShare(survey, candidate, rules);
  const hitTail = candidates.hitTail[at]!;
  if (judgedBy === "all") return covered * (even + odd) * (missTail(survey, candidate, step, "all") - hitTail);
  if (judgedBy === "even") return covered * (candidates.overEven[at]! - even * hitTail);
  return covered * (candidates.overOdd[at]! - odd * hitTail);
}

export interface Judging {
  judgedBy: Days;
  rules: Rules;
}

/**
 * Requests above each threshold that a choice spares in the days it is judged by, added to `into` by group of users. Returns those above the
 * thresholds that it was made by.
 */
export function addSpared(
  survey: Survey,
  { chosen, shares, steps: own }: Choice & { steps: Steps },
  judging: Judging,
  into: Float64Array,
): number {
  const steps = survey.thresholds.us.length;
  const { group, definition } = survey.candidates;
  let avoided = 0;
  for (let place = 0; place < chosen.length; place++) {
    const candidate = chosen[place]!;
    for (let step = 0; step < steps; step++) {
      const spared = shares[place]! * sparedAt(survey, candidate, step, judging);
      into[group[candidate]! * steps + step]! += spared;
      if (step === own[definition[candidate]!]) avoided += spared;
    }
  }
  return avoided;
}

/** Room for `addSpared`. */
export const noneSpared = ({ thresholds }: Survey): Float64Array => new Float64Array(GROUPS * thresholds.us.length);
