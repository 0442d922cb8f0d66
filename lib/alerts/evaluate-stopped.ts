import type { StoppedSeen } from "../query/stopped-queries.ts";
import type { Evaluation, Observed } from "./evaluation.ts";
import type { RuleOf } from "./rule.ts";
import { stoppedWords } from "./stopped-words.ts";

/** What a rule says about what query guards stopped in its window. Pure. */
export function evaluateStopped(rule: RuleOf<"stopped_queries">, { told, count, last }: StoppedSeen): Evaluation {
  const { thresholdCount: threshold, windowSeconds } = rule;
  const value = told ? count : null;
  const observed: Observed = { value, threshold, unit: "queries", count: 0, windowSeconds, stopped: last };
  if (!told) return { verdict: "no_data", observed, why: "no query guard has told of anything yet" };
  if (count < threshold) return { verdict: "ok", observed };
  return { verdict: "breach", observed, why: `the last: ${stoppedWords(last[0]!)}` };
}
