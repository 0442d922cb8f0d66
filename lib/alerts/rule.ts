import type { z } from "zod";
import { TailfillError } from "../errors.ts";
import { plainWords, problemsOf } from "../input-problems.ts";
import { type Rule, RULE } from "../query/alert-rule-schemas.ts";

export type { Rule, RuleKind, RuleOf } from "../query/alert-rule-schemas.ts";

/** A rule as it is stored. */
export interface StoredRule {
  id: string;
  version: number;
  rule: Rule;
}

/** Ids of the receivers that there are. A rule that tells nobody, as a draft, is not checked against them. */
type Known = ReadonlySet<string>;

/** Every problem of a rule, one sentence each; none when it is good. */
export function ruleProblems(input: unknown, receivers?: Known): string[] {
  const parsed = RULE.safeParse(input, { error: plainWords });
  const own = parsed.success ? [] : problemsOf(parsed.error as z.ZodError);
  return [...own, ...togetherProblems(input), ...(receivers === undefined ? [] : receiverProblems(input, receivers))];
}

/**
 * Checks a rule and fills its defaults in.
 * @throws TailfillError `bad_request` that tells every problem at once.
 */
export function parseRule(input: unknown, receivers?: Known): Rule {
  const problems = ruleProblems(input, receivers);
  if (problems.length > 0) throw new TailfillError("bad_request", problems.join(" "));
  return RULE.parse(input);
}

/** What fields want of each other. Not part of the schema: a field that is wrong by itself would hide it. */
function togetherProblems(input: unknown): string[] {
  if (typeof input !== "object" || input === null) return [];
  const given = input as Record<string, unknown>;
  const problems: string[] = [];
  if (given["endpoint"] !== undefined && given["endpoints"] !== undefined)
    problems.push("endpoints: cannot be given together with `endpoint`.");
  if (given["kind"] === "traffic" && given["direction"] === "drop" && Number(given["changeShare"]) > 1)
    problems.push("changeShare: must be at most 1 for a drop.");
  return [...problems, ...pairProblems(given["pairs"])];
}

/** Names those that do not exist; what is no text at all is told by the schema. */
function receiverProblems(input: unknown, known: Known): string[] {
  const named = (input as { receivers?: unknown } | null)?.receivers;
  if (!Array.isArray(named)) return [];
  return named.flatMap((id: unknown, place) =>
    typeof id !== "string" || id.trim() === "" || known.has(id.trim().toLowerCase())
      ? []
      : [`receivers.${place}: there is no receiver ${JSON.stringify(id.slice(0, 100))}.`],
  );
}

function pairProblems(pairs: unknown): string[] {
  if (!Array.isArray(pairs)) return [];
  return pairs.flatMap((pair: { longSeconds?: unknown; shortSeconds?: unknown } | null, place) =>
    Number(pair?.shortSeconds) >= Number(pair?.longSeconds)
      ? [`pairs.${place}.shortSeconds: must be less than \`longSeconds\`.`]
      : [],
  );
}
