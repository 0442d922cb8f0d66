import type { Aim } from "./goal.ts";
import { aimAt } from "./goal.ts";
import type { Rules } from "./offers.ts";
import { quantile } from "./interval.ts";
import { poissonOne, seededRandom } from "./random.ts";
import { addSpared, foldsOf, noneSpared } from "./spared.ts";
import { GROUPS, type Survey } from "./survey.ts";

/** What filling would do, before it is done. Durations in microseconds; null when there were no requests. */
export interface Prediction {
  /** Without any fill. */
  p99BeforeUs: number | null;
  p99AfterUs: number | null;
  /** The 95 % interval of what a coming stretch as long as the one looked at will show. */
  p99AfterLowUs: number | null;
  p99AfterHighUs: number | null;
  /** Misses of the target avoided in an hour. */
  missesAvoidedPerHour: number;
  fillSecondsPerHour: number;
}

/** Where 1 % of `requests` lie above, between thresholds in proportion; the nearest end when it is beyond them. */
export function p99Of(us: Float64Array, over: ArrayLike<number>, requests: number): number | null {
  if (requests <= 0) return null;
  const allowed = requests / 100;
  let at = 0;
  while (at < us.length && over[at]! > allowed) at++;
  if (at === 0) return us[0]!;
  if (at === us.length) return us[at - 1]!;
  const [before, after] = [over[at - 1]!, Math.max(over[at]!, 1e-9)];
  const part = Math.log(before / allowed) / Math.log(before / after);
  return us[at - 1]! * (us[at]! / us[at - 1]!) ** part;
}

/** Draws that an interval is told by. */
const DRAWS = 400;

/**
 * The 95 % interval of the p99, with `spared` requests by group of users and threshold taken away: users are drawn with replacement, since
 * requests of one user resemble each other.
 */
export function intervalOf(survey: Survey, spared: Float64Array, p99Us: number): { lowUs: number; highUs: number } {
  const { thresholds, over, requests, before, count } = survey;
  const steps = thresholds.us.length;
  const random = seededRandom(1);
  const drawn = new Float64Array(steps);
  const logs = Float64Array.from({ length: DRAWS }, () => {
    let all = count;
    drawn.set(before);
    for (let group = 0; group < GROUPS; group++) {
      const times = poissonOne(random);
      all += (times - 1) * requests[group]!;
      for (let step = 0, at = group * steps; step < steps; step++, at++)
        drawn[step]! += (times - 1) * over[at]! - times * spared[at]!;
    }
    return Math.log((p99Of(thresholds.us, drawn, all) ?? p99Us) / p99Us);
  }).sort();
  return {
    lowUs: p99Us * Math.exp(Math.min(0, quantile(logs, 0.025))),
    highUs: p99Us * Math.exp(Math.max(0, quantile(logs, 0.975))),
  };
}

/** What filling does to the p99 of all requests, and to the requests above their targets, when a budget is used as an aim does. */
export function predict(survey: Survey, { steps, secondsPerHour }: Aim, budget: number, rules: Rules): Prediction {
  const { thresholds, before, count } = survey;
  const { byGroup, avoided } = sparedByGroup(survey, steps, budget, rules);
  const spared = totals(byGroup, thresholds.us.length);
  const over = before.map((each, at) => each - spared[at]!);
  const after = p99Of(thresholds.us, over, count);
  const interval = after === null ? null : intervalOf(survey, byGroup, after);
  return {
    p99BeforeUs: p99Of(thresholds.us, before, count),
    p99AfterUs: after,
    p99AfterLowUs: interval && interval.lowUs,
    p99AfterHighUs: interval && interval.highUs,
    missesAvoidedPerHour: avoided / survey.hours,
    fillSecondsPerHour: secondsPerHour,
  };
}

export interface Spared {
  /** Requests, by group of users and threshold. */
  byGroup: Float64Array;
  /** Requests above the thresholds that were aimed at. */
  avoided: number;
}

export function sparedByGroup(survey: Survey, steps: Aim["steps"], budget: number, rules: Rules): Spared {
  const byGroup = noneSpared(survey);
  let avoided = 0;
  for (const { chosenBy, judgedBy } of foldsOf(survey)) {
    const aim = aimAt(survey, steps, { budget, rules, days: chosenBy });
    avoided += addSpared(survey, aim, { judgedBy, rules }, byGroup);
  }
  return { byGroup, avoided };
}

export function totals(byGroup: Float64Array, steps: number): Float64Array {
  const sum = new Float64Array(steps);
  for (let group = 0; group < GROUPS; group++)
    for (let step = 0; step < steps; step++) sum[step]! += byGroup[group * steps + step]!;
  return sum;
}
