import type { PrefillWatch } from "../query/prefill-watch.ts";
import type { Evaluation, Observed } from "./evaluation.ts";
import type { RuleOf } from "./rule.ts";

const HOUR = 3_600;
const MOST_SPENT = 0.9;

/** What a rule says about prefill. Pure. */
export function evaluatePrefill(rule: RuleOf<"prefill">, watch: PrefillWatch): Evaluation {
  switch (rule.about) {
    case "harm":
      return harm(watch);
    case "budget":
      return budget(watch, rule.threshold ?? MOST_SPENT);
    case "candidates":
      return candidates(watch, rule.threshold ?? 1);
  }
}

function harm({ harmSince }: PrefillWatch): Evaluation {
  const value = harmSince === null ? 0 : 1;
  const observed: Observed = { value, threshold: 0, unit: "share", count: 0, windowSeconds: HOUR };
  if (harmSince === null) return { verdict: "ok", observed };
  return { verdict: "breach", observed, why: `filling did harm and was switched off at ${harmSince}` };
}

/** What fills took in the last hour, as a part of what they may take. Without filling there is nothing to spend. */
function budget({ mode, spentSeconds, budgetSecondsPerHour }: PrefillWatch, threshold: number): Evaluation {
  const isSet = mode === "fill" && budgetSecondsPerHour !== null && budgetSecondsPerHour > 0;
  const value = isSet ? spentSeconds / budgetSecondsPerHour : null;
  const observed: Observed = { value, threshold, unit: "share", count: 0, windowSeconds: HOUR };
  if (value === null) return { verdict: "no_data", observed, why: "nothing is filled" };
  return { verdict: value >= threshold ? "breach" : "ok", observed };
}

/** Users who are worth filling since this hour, while nobody fills them. */
function candidates({ mode, newCandidates: value }: PrefillWatch, threshold: number): Evaluation {
  const observed: Observed = { value, threshold, unit: "users", count: 0, windowSeconds: HOUR };
  if (value === null) return { verdict: "no_data", observed, why: "no plan was made yet" };
  if (mode === "fill") return { verdict: "ok", observed, why: "users are being filled" };
  return { verdict: value >= threshold ? "breach" : "ok", observed };
}
