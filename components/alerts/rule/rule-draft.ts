import type { RuleKind } from "@/lib/query/alert-rule-schemas";

/** One pair of a burn rate as it is typed. */
export interface PairDraft {
  factor: string;
  long: string;
  short: string;
  severity: "page" | "ticket";
}

/** A rule as somebody types it: texts, of which a kind uses some. */
export interface RuleDraft {
  name: string;
  kind: RuleKind;
  service: string;
  environment: string;
  scope: "service" | "endpoint" | "pattern";
  endpoint: string;
  pattern: string;
  percentile: string;
  latency: string;
  share: string;
  change: string;
  direction: "drop" | "surge";
  objective: string;
  target: string;
  pairs: PairDraft[];
  user: string;
  about: "harm" | "budget" | "candidates";
  users: string;
  queries: string;
  dryRuns: boolean;
  window: string;
  minCount: string;
  for: string;
  keepFiring: string;
  noData: "resolve" | "keep" | "breach";
  severity: "page" | "ticket";
  receivers: string[];
  note: string;
  group: string;
  groupWait: string;
  groupInterval: string;
  repeat: string;
}

export type TextField = {
  [Field in keyof RuleDraft]: RuleDraft[Field] extends string
    ? string extends RuleDraft[Field]
      ? Field
      : never
    : never;
}[keyof RuleDraft];

/** Google's SRE workbook, as the API has it by default. */
const PAIRS: readonly PairDraft[] = [
  { factor: "14.4", long: "1 h", short: "5 min", severity: "page" },
  { factor: "6", long: "6 h", short: "30 min", severity: "page" },
  { factor: "1", long: "3 d", short: "6 h", severity: "ticket" },
];

/** What a kind begins with where kinds differ. */
export const BY_KIND: Record<RuleKind, Pick<RuleDraft, "window" | "minCount" | "keepFiring" | "percentile">> = {
  percentile: { window: "5 min", minCount: "", keepFiring: "5 min", percentile: "99" },
  error_rate: { window: "5 min", minCount: "20", keepFiring: "5 min", percentile: "99" },
  abort_rate: { window: "5 min", minCount: "20", keepFiring: "5 min", percentile: "99" },
  traffic: { window: "1 h", minCount: "100", keepFiring: "5 min", percentile: "99" },
  silence: { window: "5 min", minCount: "", keepFiring: "5 min", percentile: "99" },
  burn_rate: { window: "", minCount: "100", keepFiring: "0 s", percentile: "99" },
  user: { window: "15 min", minCount: "20", keepFiring: "5 min", percentile: "95" },
  prefill: { window: "", minCount: "", keepFiring: "5 min", percentile: "99" },
  stopped_queries: { window: "5 min", minCount: "", keepFiring: "5 min", percentile: "99" },
};

export const NEW_RULE: RuleDraft = {
  name: "",
  kind: "percentile",
  service: "",
  environment: "",
  scope: "service",
  endpoint: "",
  pattern: "",
  latency: "500 ms",
  share: "2 %",
  change: "50 %",
  direction: "drop",
  objective: "99.9 %",
  target: "",
  pairs: [...PAIRS],
  user: "",
  about: "harm",
  users: "1",
  queries: "1",
  dryRuns: false,
  for: "0 s",
  noData: "resolve",
  severity: "page",
  receivers: [],
  note: "",
  group: "",
  groupWait: "10 s",
  groupInterval: "5 min",
  repeat: "4 h",
  ...BY_KIND.percentile,
};
