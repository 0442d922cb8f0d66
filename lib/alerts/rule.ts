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

/** Every problem of a rule, one sentence each; none when it is good. */
export function ruleProblems(input: unknown): string[] {
  const parsed = RULE.safeParse(input, { error: plainWords });
  return [...(parsed.success ? [] : problemsOf(parsed.error as z.ZodError)), ...togetherProblems(input)];
}

/**
 * Checks a rule and fills its defaults in.
 * @throws TailfillError `bad_request` that tells every problem at once.
 */
export function parseRule(input: unknown): Rule {
  const problems = ruleProblems(input);
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

function pairProblems(pairs: unknown): string[] {
  if (!Array.isArray(pairs)) return [];
  return pairs.flatMap((pair: { longSeconds?: unknown; shortSeconds?: unknown } | null, place) =>
    Number(pair?.shortSeconds) >= Number(pair?.longSeconds)
      ? [`pairs.${place}.shortSeconds: must be less than \`longSeconds\`.`]
      : [],
  );
}
