import { smoothed } from "./smooth.ts";
import type { Survey } from "./survey.ts";
import { deltaOf, shrunk } from "./value.ts";

/** Which days a number is taken from: what is chosen by even days is judged by odd ones. */
export type Days = "all" | "even" | "odd";

/** A fill that brings less than one visit in ten below the target is not worth its trouble, however cheap it is. */
const LEAST_DELTA = Number(process.env.LEAST ?? 0.1);

/**
 * Δ(x) of a candidate at a threshold: how much rarer a visit is above it when it need not compute. The tails are smoothed and drawn
 * towards the definition's. A miss that is above x by more than computing can take is above x after a fill as well: that leaves out
 * who is slow by network or payload even when their hits are few.
 */
export function deltaAt(survey: Survey, candidate: number, step: number, days: Days = "all"): number {
  const { candidates, definitions, thresholds } = survey;

  const judged = definitions[candidates.definition[candidate]!]!;
  const row = candidate * thresholds.us.length;
  const us = thresholds.us[step]!;
  const miss = missTail(survey, candidate, step, days);
  const hit = smoothed(judged.reading.smoothing, candidates.hitTail, row, step);
  const spared = judged.seen.loads === 0 ? Number.POSITIVE_INFINITY : mostSpared(candidates.costUs[candidate]!, us);
  const tooFar = missTailAt(survey, candidate, us + spared, days);
  const delta = deltaOf(miss, Math.max(hit, tooFar));
  return delta < LEAST_DELTA ? 0 : delta;
}

/**
 * What a hit spares a visit of, at most. Computing takes longer than on average when a visit is slow by it: up to twice as long when it is
 * what a visit mostly consists of.
 */
function mostSpared(costUs: number, targetUs: number): number {
  return costUs * (1 + Math.min(1, costUs / targetUs));
}

/** P[M > threshold] of a candidate, smoothed, and drawn towards its definition's. */
function missTail(
  { candidates, definitions, thresholds }: Survey,
  candidate: number,
  step: number,
  days: Days,
): number {
  const { reading, missTail: prior } = definitions[candidates.definition[candidate]!]!;
  const row = candidate * thresholds.us.length;
  let [over, of] = [0, 0];
  if (days !== "odd") {
    over += smoothed(reading.smoothing, candidates.overEven, row, step);
    of += candidates.even[candidate]!;
  }
  if (days !== "even") {
    over += smoothed(reading.smoothing, candidates.overOdd, row, step);
    of += candidates.odd[candidate]!;
  }
  return shrunk(over, of, prior[step]!, reading.pseudo);
}

/** As `missTail`, at any latency from the lowest threshold on: between thresholds in proportion, 0 beyond them. */
function missTailAt(survey: Survey, candidate: number, valueUs: number, days: Days): number {
  const { us } = survey.thresholds;
  let above = 0;
  while (above < us.length && us[above]! < valueUs) above++;
  if (above === us.length) return 0;
  const high = missTail(survey, candidate, above, days);
  if (above === 0) return high;
  const part = Math.log(valueUs / us[above - 1]!) / Math.log(us[above]! / us[above - 1]!);
  const low = missTail(survey, candidate, above - 1, days);
  return low + part * (high - low);
}
