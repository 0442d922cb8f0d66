import { formatWidth } from "@/components/format/duration";
import type { Rule } from "@/lib/query/alert-rule-schemas";
import { NEW_RULE, type RuleDraft } from "./rule-draft";

/** A rule as it is edited: the other way round of `bodyOf`, exactly. Pure. */
export function draftOf(rule: Rule): RuleDraft {
  return {
    ...NEW_RULE,
    name: rule.name,
    kind: rule.kind,
    service: rule.service,
    environment: rule.environment,
    for: width(rule.forSeconds),
    keepFiring: width(rule.keepFiringSeconds),
    noData: rule.noData,
    receivers: [...rule.receivers],
    note: rule.note ?? "",
    group: rule.group ?? "",
    groupWait: width(rule.groupWaitSeconds),
    groupInterval: width(rule.groupIntervalSeconds),
    repeat: width(rule.repeatSeconds),
    ...placeOf(rule),
    ...("severity" in rule && { severity: rule.severity }),
    ...("windowSeconds" in rule && { window: width(rule.windowSeconds) }),
    ...("minCount" in rule ? { minCount: String(rule.minCount) } : { minCount: "" }),
    ...ofKind(rule),
  };
}

function placeOf(rule: Rule): Partial<RuleDraft> {
  if (rule.kind === "prefill") return {};
  if (rule.endpoint !== undefined)
    return { scope: "endpoint", endpoint: `${rule.endpoint.method} ${rule.endpoint.route}` };
  return rule.endpoints === undefined ? { scope: "service" } : { scope: "pattern", pattern: rule.endpoints };
}

function ofKind(rule: Rule): Partial<RuleDraft> {
  switch (rule.kind) {
    case "percentile":
      return { percentile: String(rule.percentile), latency: latency(rule.thresholdUs) };
    case "user":
      return { percentile: String(rule.percentile), latency: latency(rule.thresholdUs), user: rule.user ?? "" };
    case "error_rate":
    case "abort_rate":
      return { share: percent(rule.thresholdShare) };
    case "traffic":
      return { direction: rule.direction, change: percent(rule.changeShare) };
    case "silence":
      return {};
    case "burn_rate":
      return burnRate(rule);
    case "prefill":
      return prefill(rule);
    case "stopped_queries":
      return { queries: String(rule.thresholdCount), dryRuns: rule.includeDryRuns };
  }
}

function burnRate({ objective, targetUs, pairs }: Extract<Rule, { kind: "burn_rate" }>): Partial<RuleDraft> {
  return {
    objective: percent(objective),
    target: targetUs === undefined ? "" : latency(targetUs),
    pairs: pairs.map(({ factor, longSeconds, shortSeconds, severity }) => ({
      factor: String(factor),
      long: width(longSeconds),
      short: width(shortSeconds),
      severity,
    })),
  };
}

function prefill({ about, threshold }: Extract<Rule, { kind: "prefill" }>): Partial<RuleDraft> {
  if (about === "budget") return { about, share: percent(threshold ?? 0.9) };
  return { about, users: String(threshold ?? 1) };
}

/** Exact, unlike what pages show: what is read again must be what was written. */
const width = (seconds: number): string =>
  seconds > 60 && seconds % 60 !== 0 ? `${seconds} s` : formatWidth(seconds).replaceAll("\u00a0", " ");
const percent = (part: number): string => `${Number((part * 100).toPrecision(10))} %`;

function latency(us: number): string {
  if (us % 1_000 !== 0) return `${us} µs`;
  return us % 100_000 === 0 && us >= 1e6 ? `${us / 1e6} s` : `${us / 1_000} ms`;
}
