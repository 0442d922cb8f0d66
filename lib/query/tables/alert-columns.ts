import type { AlertAnswer } from "../alert-answer-schemas.ts";
import type { AlertPending } from "../alert-board-answers.ts";
import type { Columns } from "./table.ts";

type Rule = AlertAnswer<"AlertRule">;
type Incident = AlertAnswer<"AlertIncidents">["incidents"][number];
type Series = Rule["series"][number];
type Delivery = AlertAnswer<"AlertDeliveries">["deliveries"][number];

const textAt = (rule: Rule["rule"], name: string): string | null => {
  const value = (rule as Record<string, unknown>)[name];
  return typeof value === "string" ? value : null;
};
/** What was seen, in its unit: `valueUs=1200000 thresholdUs=500000 count=240`. */
const observedText = (observed: Series["observed"] | undefined): string | null =>
  observed
    ? Object.entries(observed)
        .map(([name, value]) => `${name}=${value ?? ""}`)
        .join(" ")
    : null;
const endpointText = (endpoint: Series["endpoint"]): string | null =>
  endpoint === null ? null : `${endpoint.method} ${endpoint.route}`;

export const ALERT_RULES: Columns<Omit<Rule, "series"> & { worst: Series | null; firing: number }> = {
  name: ({ rule }) => rule.name,
  kind: ({ rule }) => rule.kind,
  service: ({ rule }) => textAt(rule, "service"),
  environment: ({ rule }) => textAt(rule, "environment"),
  state: (row) => row.state,
  health: (row) => row.health,
  series: (row) => row.seriesCount,
  firing: (row) => row.firing,
  worst: (row) => observedText(row.worst?.observed),
  source: (row) => row.source,
  changedAt: (row) => row.changedAt,
  changedBy: (row) => row.changedBy,
  id: (row) => row.id,
};

export const ALERT_PENDING: Columns<AlertPending> = {
  rule: (row) => row.rule,
  endpoint: (row) => endpointText(row.endpoint),
  user: (row) => row.user,
  observed: (row) => observedText(row.observed),
  activeAt: (row) => row.activeAt,
  firesAt: (row) => row.firesAt,
};

export const ALERT_INCIDENTS: Columns<Incident> = {
  rule: (row) => row.rule,
  service: (row) => row.service,
  environment: (row) => row.environment,
  severity: (row) => row.severity,
  state: (row) => row.state,
  openedAt: (row) => row.openedAt,
  acknowledgedAt: (row) => row.acknowledgedAt,
  acknowledgedBy: (row) => row.acknowledgedBy,
  resolvedAt: (row) => row.resolvedAt,
  firing: (row) => row.counts.firing,
  muted: (row) => row.counts.muted,
  resolved: (row) => row.counts.resolved,
  id: (row) => row.id,
};

export const ALERT_MEMBERS: Columns<AlertAnswer<"AlertIncident">["members"][number]> = {
  endpoint: (row) => endpointText(row.endpoint),
  user: (row) => row.user,
  state: (row) => row.state,
  observed: (row) => observedText(row.observed),
  firedAt: (row) => row.firedAt,
  resolvedAt: (row) => row.resolvedAt,
  reason: (row) => row.reason,
  mutedBy: (row) => row.mutedBy,
};

export const ALERT_SERIES: Columns<Series> = {
  endpoint: (row) => endpointText(row.endpoint),
  user: (row) => row.user,
  severity: (row) => row.severity,
  state: (row) => row.state,
  verdict: (row) => row.verdict,
  why: (row) => row.why,
  observed: (row) => observedText(row.observed),
  activeAt: (row) => row.activeAt,
  firedAt: (row) => row.firedAt,
  evaluatedAt: (row) => row.evaluatedAt,
};

export const ALERT_RECEIVERS: Columns<AlertAnswer<"AlertReceiver">> = {
  name: (row) => row.name,
  kind: (row) => row.kind,
  url: (row) => row.url,
  enabled: (row) => row.enabled,
  offReason: (row) => row.offReason,
  offAt: (row) => row.offAt,
  failingSince: (row) => row.failingSince,
  createdAt: (row) => row.createdAt,
  createdBy: (row) => row.createdBy,
};

export const ALERT_DELIVERIES: Columns<Delivery> = {
  createdAt: (row) => row.createdAt,
  receiver: (row) => row.receiver.name,
  type: (row) => row.type,
  rule: (row) => row.incident?.rule ?? null,
  state: (row) => row.state,
  attempts: (row) => row.attempts,
  nextAt: (row) => row.nextAt,
  lastStatus: (row) => row.log.at(-1)?.status ?? null,
  lastError: (row) => row.log.at(-1)?.error ?? null,
  lastTookMs: (row) => row.log.at(-1)?.tookMs ?? null,
  why: (row) => row.why,
  id: (row) => row.id,
};

const patterns = (matcher: object): string =>
  Object.entries(matcher)
    .map(([name, pattern]) => `${name}=${String(pattern)}`)
    .join(" ");

export const ALERT_SILENCES: Columns<AlertAnswer<"AlertSilence">> = {
  mutes: (row) => patterns(row.matcher),
  reason: (row) => row.reason,
  state: (row) => row.state,
  from: (row) => row.from,
  to: (row) => row.to,
  createdAt: (row) => row.createdAt,
  createdBy: (row) => row.createdBy,
};

export const ALERT_MAINTENANCE: Columns<AlertAnswer<"AlertMaintenance">> = {
  name: (row) => row.name,
  mutes: (row) => patterns(row.matcher),
  isOn: (row) => row.isOn,
  from: (row) => row.from,
  to: (row) => row.to,
  repeats: (row) => row.repeats,
  until: (row) => row.until,
  createdBy: (row) => row.createdBy,
};
