import type { Rule } from "@/lib/query/alert-rule-schemas";
import type { OutcomeName } from "@/lib/query/answers";
import { figureOf, type Seen } from "./seen-words";

/** The chart that shows what a rule judges, with its threshold. */
export type RuleChart =
  | { kind: "latency"; percentiles: number[]; thresholdUs?: number | undefined }
  | { kind: "share"; outcome: OutcomeName; threshold?: number | undefined }
  | { kind: "rate"; perSecond?: number | undefined };

const USUAL = [50, 95, 99];

const withUsual = (percentile: number): number[] =>
  [...new Set([...USUAL.filter((q) => q < percentile), percentile])].sort((a, b) => a - b);

/**
 * Which chart shows what a rule judges.
 * @param rule `null`: it is gone; then what it saw last says what it was about
 */
export function chartOf(rule: Rule | null, seen: Seen): RuleChart {
  if (rule === null) return ofSeen(seen);
  switch (rule.kind) {
    case "percentile":
    case "user":
      return { kind: "latency", percentiles: withUsual(rule.percentile), thresholdUs: rule.thresholdUs };
    case "error_rate":
      return { kind: "share", outcome: "server_error", threshold: rule.thresholdShare };
    case "abort_rate":
      return { kind: "share", outcome: "aborted", threshold: rule.thresholdShare };
    case "burn_rate":
      return ofBudget(rule);
    case "traffic":
    case "silence":
      return ofTraffic(seen);
    case "prefill":
    case "stopped_queries":
      return { kind: "latency", percentiles: USUAL };
  }
}

/** A budget burns as fast as the slowest pair forbids where the share of bad requests reaches that multiple of what is allowed. */
function ofBudget({ objective, targetUs, pairs }: Extract<Rule, { kind: "burn_rate" }>): RuleChart {
  if (targetUs !== undefined)
    return { kind: "latency", percentiles: withUsual(roundedPercent(objective)), thresholdUs: targetUs };
  const slowest = Math.min(...pairs.map(({ factor }) => factor));
  return { kind: "share", outcome: "server_error", threshold: Math.min(1, (1 - objective) * slowest) };
}

const roundedPercent = (part: number): number => Number((part * 100).toPrecision(7));

function ofTraffic(seen: Seen): RuleChart {
  const [count, windowSeconds] = [figureOf(seen, "thresholdCount"), figureOf(seen, "windowSeconds")];
  // Without requests a week before there is nothing to compare with, and no line.
  return !count || !windowSeconds ? { kind: "rate" } : { kind: "rate", perSecond: count / windowSeconds };
}

function ofSeen(seen: Seen): RuleChart {
  const thresholdUs = figureOf(seen, "thresholdUs");
  if (thresholdUs !== null)
    return { kind: "latency", percentiles: withUsual(figureOf(seen, "percentile") ?? 99), thresholdUs };
  const threshold = figureOf(seen, "thresholdShare");
  if (threshold !== null) return { kind: "share", outcome: "server_error", threshold };
  return figureOf(seen, "thresholdCount") === null ? { kind: "latency", percentiles: USUAL } : ofTraffic(seen);
}
