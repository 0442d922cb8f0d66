import type { Choice } from "./choose.ts";
import { candidateOf, coveredShare, type Rules } from "./offers.ts";
import type { Survey } from "./survey.ts";

/** Requests above each threshold that a choice spares, in the stretch looked at. */
export function sparedBy(
  survey: Survey,
  { chosen, shares }: Pick<Choice, "chosen" | "shares">,
  rules: Rules,
): Float64Array {
  const { candidates } = survey;
  const steps = survey.thresholds.us.length;
  const spared = new Float64Array(steps);
  for (let place = 0; place < chosen.length; place++) {
    const covered = shares[place]! * coveredShare(survey, chosen[place]!, rules);
    const at = candidateOf(survey, chosen[place]!);
    const samples = candidates.even[at]! + candidates.odd[at]!;
    for (let step = 0; step < steps; step++) {
      const to = at * steps + step;
      const over = candidates.overEven[to]! + candidates.overOdd[to]!;
      spared[step]! += covered * (over - samples * candidates.hitTail[to]!);
    }
  }
  return spared;
}
