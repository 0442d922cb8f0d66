import type { RuleKind } from "@/lib/query/alert-rule-schemas";
import { KIND_NAMES } from "../rule-words";
import { BY_KIND, NEW_RULE, type RuleDraft } from "./rule-draft";

/** Texts of a draft that an address may fill in. */
const FILLED = ["service", "environment", "endpoint", "user", "latency", "percentile", "name"] as const;

/**
 * A new rule, as another page's link fills it in. What it says badly is as if it were not there.
 * @param places where something is sent from: when there is one only, it is meant
 */
export function startDraft(
  address: Readonly<Record<string, string | string[] | undefined>>,
  places: readonly Pick<RuleDraft, "service" | "environment">[],
): RuleDraft {
  const kind = isKind(address["kind"]) ? address["kind"] : NEW_RULE.kind;
  const filled: Partial<RuleDraft> = {};
  for (const name of FILLED) {
    const text = address[name];
    if (typeof text === "string" && text !== "") filled[name] = text;
  }
  const scope = filled.endpoint === undefined ? NEW_RULE.scope : "endpoint";
  return { ...NEW_RULE, kind, ...BY_KIND[kind], scope, ...(places.length === 1 && places[0]), ...filled };
}

const isKind = (text: unknown): text is RuleKind => typeof text === "string" && Object.hasOwn(KIND_NAMES, text);
