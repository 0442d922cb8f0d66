import type { Offers } from "./choose.ts";
import { type Days, deltaAt } from "./delta.ts";
import { SLOTS } from "./hours.ts";
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

/** Which threshold each definition's misses are judged by: its place among the survey's thresholds. */
export type Targets = (definition: number) => number;

/**
 * What can be bought. Every candidate is offered twice: answering its signals (place = candidate), and refreshing its values before they
 * expire (place = candidate + number of candidates), which is worth what it adds to answering its signals.
 */
export function offersOf(survey: Survey, targets: Targets, rules: Rules, days: Days = "all"): Offers {
  const { candidates, definitions } = survey;
  const { size } = candidates;
  const value = new Float64Array(2 * size);
  const work = new Float64Array(2 * size);
  for (let at = 0; at < size; at++) {
    const { inTime } = definitions[candidates.definition[at]!]!;
    const delta = deltaAt(survey, at, targets(candidates.definition[at]!), days);
    if (delta === 0) continue;
    const costUs = candidates.costUs[at]!;
    const perHour = candidates.coldPerHour[at]! * notHeldBack(rules);
    value[at] = valueOf(candidates.use[at]!, inTime, delta, costUs);
    work[at] = (perHour * signalsAVisit(survey, at) * costUs) / 1e6;
    const { covers, fills } = refreshOf(survey, at);
    if (covers === 0) continue;
    value[size + at] = valueOf(covers / fills, 1, delta, costUs);
    work[size + at] = (perHour * fills * costUs) / 1e6;
  }
  return { value, work, busy: candidates.busy.subarray(0, size * SLOTS) };
}

/** The candidate that an offer is of. */
export function candidateOf({ candidates: { size } }: Survey, place: number): number {
  return place < size ? place : place - size;
}

/** Share of a candidate's cold visits that an offer makes warm. */
export function coveredShare(survey: Survey, place: number, rules: Rules): number {
  const { candidates, definitions } = survey;
  if (place >= candidates.size) return refreshOf(survey, place - candidates.size).covers * notHeldBack(rules);
  const { announced, inTime } = definitions[candidates.definition[place]!]!;
  return announced * inTime * notHeldBack(rules);
}

/** Signals for each cold visit: those that announce it, and those that no visit follows. */
function signalsAVisit({ candidates, definitions }: Survey, candidate: number): number {
  return definitions[candidates.definition[candidate]!]!.announced / Math.max(candidates.use[candidate]!, 0.01);
}

/** Least fills that a refresh counts for, so that what it spares later never makes it look free. */
const FEWEST_FILLS = 0.1;

/**
 * What refreshing adds for each cold visit, to a candidate whose signals are answered: the unannounced visits among those that come back
 * in time; and a fill, less those after signals that need no answer any more.
 */
function refreshOf(survey: Survey, candidate: number): { covers: number; fills: number } {
  const { candidates, definitions } = survey;
  const again = candidates.again[candidate]!;
  const { announced, inTime } = definitions[candidates.definition[candidate]!]!;
  return {
    covers: again * (1 - announced * inTime),
    fills: Math.max(FEWEST_FILLS, 1 - again * signalsAVisit(survey, candidate)),
  };
}

function notHeldBack({ withheldShare, holdOutShare }: Rules): number {
  return (1 - withheldShare) * (1 - holdOutShare);
}
