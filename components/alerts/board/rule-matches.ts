import type { AlertBoardAnswer } from "@/lib/alerts/board";
import { ruleOf, ruleWords } from "../rule-words";

/** Every word must be found in the rule's name, service, environment or in what it says. */
export function matches(rule: AlertBoardAnswer["rules"][number], text: string): boolean {
  const definition = ruleOf(rule);
  const words =
    `${definition.name} ${definition.service} ${definition.environment} ${ruleWords(definition)}`.toLowerCase();
  return text.split(/\s+/).every((word) => words.includes(word));
}
