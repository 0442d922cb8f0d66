import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import type { AlertLead, AlertPending } from "../query/alert-board-answers.ts";
import { openIncidents } from "../store/alert-incidents.ts";
import { type MemberRow, readMembers } from "../store/alert-members.ts";
import { readReceivers } from "../store/alert-receivers.ts";
import { readRules, type RuleRow } from "../store/alert-rules.ts";
import { readSeries } from "../store/alert-series.ts";
import type { Db } from "../store/db.ts";
import { byKey } from "./by-key.ts";
import { type BoardReceiver, receiverBoard } from "./delivery/receiver-board.ts";
import { headOf, memberOf } from "./incidents.ts";
import { countsOf, leadOf } from "./payload.ts";
import type { Rule } from "./rule.ts";
import { iso, ruleAnswer } from "./rules.ts";
import { byRule, fromRow, type StoredSeries } from "./state-rows.ts";

type RuleAnswer = AlertAnswer<"AlertRule">;
type Head = AlertAnswer<"AlertIncidents">["incidents"][number];

/** What the dashboard's first page of alerts shows. Not of the API: other programs ask for rules and incidents. */
export interface AlertBoardAnswer {
  readAt: string;
  /** Those that are open: pages before tickets, what nobody looks after first, then the latest; what is muted last. */
  incidents: (Head & { lead: AlertLead | null })[];
  /** Series that breach and have not for long enough: the next to fire first. */
  pending: AlertPending[];
  /** By name. Of the series of each, the worst. */
  rules: (Omit<RuleAnswer, "series"> & { worst: RuleAnswer["series"][number] | null; firing: number })[];
  /** Those that were switched off by themselves. */
  receiversOff: BoardReceiver[];
}

/** What fires, what may fire soon, and every rule with the worst it says. */
export async function alertBoard(db: Db, nowMs: number): Promise<AlertBoardAnswer> {
  const [rules, series, open, receivers] = await Promise.all([
    readRules(db),
    readSeries(db),
    openIncidents(db),
    receiversOff(db),
  ]);
  const members = await readMembers(
    db,
    open.map(({ id }) => id),
  );
  const bySeries = byRule(series.map(fromRow));
  const byIncident = byKey(members, ({ incidentId }) => incidentId);
  return {
    readAt: iso(nowMs)!,
    incidents: open.map((row) => incidentOf(row, byIncident.get(row.id) ?? [])).sort(byUrgency),
    pending: rules.flatMap((row) => pendingOf(row, bySeries.get(row.id) ?? [])).sort(byTime),
    rules: rules.map((row) => summaryOf(row, bySeries.get(row.id) ?? [])),
    receiversOff: receivers,
  };
}

type Incident = AlertBoardAnswer["incidents"][number];

function incidentOf(row: Parameters<typeof headOf>[0], members: readonly MemberRow[]): Incident {
  const { lead } = leadOf(members);
  return { ...headOf(row, countsOf(members)), lead: lead === undefined ? null : memberOf(lead) };
}

const urgency = ({ severity, state, counts }: Incident) =>
  (counts.muted === counts.firing ? 4 : 0) + (severity === "page" ? 0 : 2) + (state === "firing" ? 0 : 1);
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

/** Those that were switched off by themselves. That is rare: only then is it asked what they were not sent. */
async function receiversOff(db: Db): Promise<BoardReceiver[]> {
  const isOff = ({ offReason }: { offReason: string | null }) => offReason !== null;
  return (await readReceivers(db)).some(isOff) ? (await receiverBoard(db)).receivers.filter(isOff) : [];
}
