import { percentile, totalOf } from "../histogram/index.ts";
import type { Aim } from "./goal.ts";
import { candidateOf, type Rules } from "./offers.ts";
import { sparedBy } from "./spared.ts";
import type { Survey } from "./survey.ts";
import { tailsOf } from "./thresholds.ts";

/** What filling would do, before it is done. Durations in microseconds; null when there were no requests. */
export interface Prediction {
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

/** What filling the chosen does to the p99 of all requests, and to the requests above their targets. */
export function predict(survey: Survey, aim: Aim, rules: Rules): Prediction {
  const requests = totalOf(survey.all);
  const spared = sparedBy(survey, aim, rules);
  const over = tailsOf(survey.thresholds, survey.all).map((share, at) => share * requests - spared[at]!);
  const after = p99Of(survey.thresholds.us, over, requests);
  return {
    p99BeforeUs: percentile(survey.all, 99),
    p99AfterUs: after,
    p99AfterLowUs: after,
    p99AfterHighUs: after,
    missesAvoidedPerHour: avoidedPerHour(survey, aim, rules),
    fillSecondsPerHour: aim.secondsPerHour,
  };
}

function avoidedPerHour(survey: Survey, { chosen, shares, steps }: Aim, rules: Rules): number {
  let avoided = 0;
  for (let place = 0; place < chosen.length; place++) {
    const one = { chosen: chosen.subarray(place, place + 1), shares: shares.subarray(place, place + 1) };
    avoided += sparedBy(survey, one, rules)[
      steps[survey.candidates.definition[candidateOf(survey, chosen[place]!)]!]!
    ]!;
  }
  return avoided / survey.hours;
}
