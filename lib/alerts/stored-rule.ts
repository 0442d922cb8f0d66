import { log } from "../log.ts";
import { RULE } from "../query/alert-rule-schemas.ts";
import type { RuleRow } from "../store/alert-rules.ts";
import type { StoredRule } from "./rule.ts";

/** A rule as it was stored; none when it cannot be read any more: a newer version may have written it. */
export function storedRule({ id, version, definition }: RuleRow): StoredRule[] {
  const parsed = RULE.safeParse(definition);
  if (parsed.success) return [{ id, version, rule: parsed.data }];
  log("alerts").error({ rule: id, problems: parsed.error.issues.length }, "a stored rule cannot be read: left out");
  return [];
}
