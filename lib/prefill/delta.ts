import type { Survey } from "./survey.ts";
import { deltaOf, shrunk } from "./value.ts";

/** Which days a number is taken from: what is chosen by even days is judged by odd ones, and the other way round. */
export type Days = "all" | "even" | "odd";

/** Pseudo-counts by which a user's misses are drawn towards the definition's. */
const MISS_PSEUDO_COUNTS = 2;
/** A fill that brings less than one visit in ten below the target is not worth its trouble, however little work it is. */
export const LEAST_DELTA = 0.1;
/**
 * A fill that can spare a visit less than this part of the target is worth nothing: what lies so near the target is there by chance, and looks like
 * a bargain when computing costs next to nothing.
 */
const LEAST_SPARED = 0.1;

/** Δ(x) of a candidate at a threshold: how much rarer a visit is above it when it need not compute. */
export function deltaAt(survey: Survey, candidate: number, step: number, days: Days = "all"): number {
  const miss = missTail(survey, candidate, step, days);
  if (miss < LEAST_DELTA || sparesTooLittle(survey, candidate, step)) return 0;
  const delta = deltaOf(miss, filledTail(survey, candidate, step, days));
  return delta < LEAST_DELTA ? 0 : delta;
}

function sparesTooLittle({ candidates, definitions, thresholds }: Survey, candidate: number, step: number): boolean {
  const { seen } = definitions[candidates.definition[candidate]!]!;
  const us = thresholds.us[step]!;
  return seen.loads > 0 && mostSpared(candidates.costUs[candidate]!, us) < LEAST_SPARED * us;
}

/**
 * P[H > threshold] of a candidate. Hits of most users are few; but a miss that is above the threshold by more than computing takes is above it
 * after a fill as well. That leaves out who is slow by network or payload before they have shown it by their hits.
 */
function filledTail(survey: Survey, candidate: number, step: number, days: Days): number {
  const { candidates, definitions, thresholds } = survey;
  const judged = definitions[candidates.definition[candidate]!]!;
  const row = candidate * thresholds.us.length;
  const hitTail = candidates.hitTail[row + step]!;
  if (judged.seen.loads === 0) return hitTail;
  const us = thresholds.us[step]!;
  const beyond = missTailAt(survey, candidate, us + mostSpared(candidates.costUs[candidate]!, us), days);
  return Math.max(hitTail, beyond);
}

/**
 * What a hit spares a visit of, at most. When a visit is slow because of computing, that took longer than on average: up to twice as long
 * when it is what the visit mostly consists of.
 */
function mostSpared(costUs: number, targetUs: number): number {
  return costUs * (1 + Math.min(1, costUs / targetUs));
}

/** As `missTail`, at any latency: between thresholds in proportion, 0 beyond them. */
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

/** P[M > threshold] of a candidate, drawn towards its definition's. */
export function missTail(
  { candidates, definitions, thresholds }: Survey,
  candidate: number,
  step: number,
  days: Days,
): number {
  const prior = definitions[candidates.definition[candidate]!]!.missTail[step]!;
  const at = candidate * thresholds.us.length + step;
  const over = (days === "odd" ? 0 : candidates.overEven[at]!) + (days === "even" ? 0 : candidates.overOdd[at]!);
  const of = (days === "odd" ? 0 : candidates.even[candidate]!) + (days === "even" ? 0 : candidates.odd[candidate]!);
  return shrunk(over, of, prior, MISS_PSEUDO_COUNTS);
}
