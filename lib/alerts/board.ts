import type { AlertBoardAnswer, AlertPending } from "../query/alert-board-answers.ts";
import { openIncidents } from "../store/alert-incidents.ts";
import { type MemberRow, readMembers } from "../store/alert-members.ts";
import { readReceivers, type ReceiverRow } from "../store/alert-receivers.ts";
import { readRules, type RuleRow } from "../store/alert-rules.ts";
import { readSeries } from "../store/alert-series.ts";
import type { Connection } from "../store/db.ts";
import { byKey } from "./by-key.ts";
import { headOf, memberOf } from "./incidents.ts";
import { leadOf } from "./payload.ts";
import type { Rule } from "./rule.ts";
import { iso, ruleAnswer } from "./rules.ts";
import { fromRow, type StoredSeries } from "./state-rows.ts";

/** What fires, what may fire soon, and every rule with the worst it says. */
export async function alertBoard(db: Connection, nowMs: number): Promise<AlertBoardAnswer> {
  const [rules, series, open, receivers] = await Promise.all([
    readRules(db),
    readSeries(db),
    openIncidents(db),
    readReceivers(db),
  ]);
  const members = await readMembers(
    db,
    open.map(({ id }) => id),
  );
  const bySeries = byKey(series.map(fromRow), ({ ruleId }) => ruleId);
  const byIncident = byKey(members, ({ incidentId }) => incidentId);
  return {
    readAt: iso(nowMs)!,
    incidents: open.map((row) => incidentOf(row, byIncident.get(row.id) ?? [])).sort(byUrgency),
    pending: rules.flatMap((row) => pendingOf(row, bySeries.get(row.id) ?? [])).sort(byTime),
    rules: rules.map((row) => summaryOf(row, bySeries.get(row.id) ?? [])),
    receiversOff: receivers.flatMap(offOf),
  };
}

type Incident = AlertBoardAnswer["incidents"][number];

function incidentOf(row: Parameters<typeof headOf>[0], members: readonly MemberRow[]): Incident {
  const { lead } = leadOf(members);
  return { ...headOf(row, members), lead: lead === undefined ? null : memberOf(lead) };
}

const urgency = ({ severity, state }: Incident) => (severity === "page" ? 0 : 2) + (state === "firing" ? 0 : 1);
const byUrgency = (a: Incident, b: Incident) => urgency(a) - urgency(b) || b.openedAt.localeCompare(a.openedAt);

function summaryOf(row: RuleRow, series: readonly StoredSeries[]): AlertBoardAnswer["rules"][number] {
  const { series: worstFirst, ...rule } = ruleAnswer(row, series);
  const firing = series.filter(({ state }) => state.state === "firing" || state.state === "recovering").length;
  return { ...rule, worst: worstFirst[0] ?? null, firing };
}

function pendingOf(row: RuleRow, series: readonly StoredSeries[]): AlertPending[] {
  const { forSeconds } = row.definition as Rule;
  const pending = series.filter(({ state }) => state.state === "pending");
  return ruleAnswer(row, pending).series.map((one) => ({
    ...one,
    ruleId: row.id,
    rule: row.name,
    firesAt: one.activeAt === null ? null : iso(Date.parse(one.activeAt) + forSeconds * 1_000),
  }));
}

const byTime = (a: AlertPending, b: AlertPending) => (a.firesAt ?? "").localeCompare(b.firesAt ?? "");

function offOf({ id, name, offReason, offAtMs }: ReceiverRow): AlertBoardAnswer["receiversOff"] {
  if (offReason === null || offAtMs === null) return [];
  return [{ id, name, reason: offReason as "gone" | "failing", at: iso(offAtMs)! }];
}
