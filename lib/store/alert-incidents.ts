import type { Connection } from "./db.ts";
import type { Prisma } from "./generated/client.ts";

export interface IncidentRow {
  id: string;
  groupKey: string;
  ruleId: string;
  ruleName: string;
  severity: string;
  service: string;
  environment: string;
  openedAtMs: number;
  resolvedAtMs: number | null;
  acknowledgedAtMs: number | null;
  acknowledgedBy: string | null;
  toldAtMs: number | null;
  told: string[];
  receivers: string[];
  waitSeconds: number;
  intervalSeconds: number;
  repeatSeconds: number;
}

type NewIncident = Omit<
  IncidentRow,
  "resolvedAtMs" | "acknowledgedAtMs" | "acknowledgedBy" | "toldAtMs" | "told" | "receivers"
>;

/** An incident as it is when it opens. */
export const newIncident = (incident: NewIncident): IncidentRow => ({
  ...incident,
  resolvedAtMs: null,
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  toldAtMs: null,
  told: [],
  receivers: [],
});

const AT_ONCE = 1_000;

/** Writes incidents as they are now. Of known ones not that they are acknowledged: people do that meanwhile. None may be listed twice. */
export async function writeIncidents(db: Connection, rows: readonly IncidentRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) await write(db, rows.slice(from, from + AT_ONCE));
}

async function write(db: Connection, rows: readonly IncidentRow[]): Promise<void> {
  const column = <T>(of: (row: IncidentRow) => T) => rows.map(of);
  // PostgreSQL's arrays of arrays have to be rectangular: lists travel as JSON.
  await db.$executeRaw`
    INSERT INTO alert_incident (id, group_key, rule_id, rule_name, severity, service, environment, opened_at, resolved_at, told_at,
      told, receivers, wait_seconds, interval_seconds, repeat_seconds)
    SELECT n.id, n.group_key, n.rule_id, n.rule_name, n.severity, n.service, n.environment, n.opened_at, n.resolved_at, n.told_at,
      ARRAY(SELECT jsonb_array_elements_text(n.told::jsonb)), ARRAY(SELECT jsonb_array_elements_text(n.receivers::jsonb)),
      n.wait_seconds, n.interval_seconds, n.repeat_seconds
    FROM unnest(${column((r) => r.id)}::uuid[], ${column((r) => r.groupKey)}::text[], ${column((r) => r.ruleId)}::uuid[],
      ${column((r) => r.ruleName)}::text[], ${column((r) => r.severity)}::text[], ${column((r) => r.service)}::text[],
      ${column((r) => r.environment)}::text[], ${column((r) => dateOf(r.openedAtMs))}::timestamptz[],
      ${column((r) => dateOf(r.resolvedAtMs))}::timestamptz[], ${column((r) => dateOf(r.toldAtMs))}::timestamptz[],
      ${column((r) => JSON.stringify(r.told))}::text[], ${column((r) => JSON.stringify(r.receivers))}::text[],
      ${column((r) => r.waitSeconds)}::int[], ${column((r) => r.intervalSeconds)}::int[], ${column((r) => r.repeatSeconds)}::int[])
      AS n (id, group_key, rule_id, rule_name, severity, service, environment, opened_at, resolved_at, told_at, told, receivers,
        wait_seconds, interval_seconds, repeat_seconds)
    ON CONFLICT (id) DO UPDATE SET resolved_at = excluded.resolved_at, told_at = excluded.told_at, told = excluded.told,
      receivers = excluded.receivers`;
}

/** Returns whether it was open and nobody had done so before. */
export async function acknowledgeIncident(
  db: Connection,
  id: string,
  change: { by: string; nowMs: number },
): Promise<boolean> {
  const { count } = await db.alertIncident.updateMany({
    where: { id, acknowledgedAt: null, resolvedAt: null },
    data: { acknowledgedAt: new Date(change.nowMs), acknowledgedBy: change.by },
  });
  return count > 0;
}

export async function openIncidents(db: Connection): Promise<IncidentRow[]> {
  return (await db.alertIncident.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } })).map(fromRow);
}

export async function findIncident(db: Connection, id: string): Promise<IncidentRow | null> {
  const row = await db.alertIncident.findUnique({ where: { id } });
  return row && fromRow(row);
}

export interface IncidentWish {
  open?: boolean | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  ruleId?: string | undefined;
  /** Ids of incidents sort by time: those before this one. */
  before?: string | undefined;
  limit: number;
}

/** Incidents, the latest first. */
export async function listIncidents(
  db: Connection,
  { open, before, limit, ...names }: IncidentWish,
): Promise<IncidentRow[]> {
  const where: Prisma.AlertIncidentWhereInput = {
    ...(Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined)) as object),
    ...(open === undefined ? {} : { resolvedAt: open ? null : { not: null } }),
    ...(before === undefined ? {} : { id: { lt: before } }),
  };
  return (await db.alertIncident.findMany({ where, orderBy: { id: "desc" }, take: limit })).map(fromRow);
}

/** Removes incidents that were over by a moment, with all that is about them. */
export async function deleteResolved(db: Connection, beforeMs: number): Promise<void> {
  const before = new Date(beforeMs);
  await db.$executeRaw`
    WITH gone AS (DELETE FROM alert_incident WHERE resolved_at < ${before} RETURNING id),
      members AS (DELETE FROM alert_member m USING gone WHERE m.incident_id = gone.id),
      spans AS (DELETE FROM alert_span s USING gone WHERE s.incident_id = gone.id),
      lines AS (DELETE FROM alert_timeline t USING gone WHERE t.incident_id = gone.id)
    DELETE FROM alert_event e USING gone WHERE e.incident_id = gone.id`;
}

const dateOf = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));
const msOf = (at: Date | null): number | null => at?.getTime() ?? null;

type Row = NonNullable<Awaited<ReturnType<Connection["alertIncident"]["findUnique"]>>>;

function fromRow({ openedAt, resolvedAt, acknowledgedAt, toldAt, ...row }: Row): IncidentRow {
  return {
    ...row,
    openedAtMs: openedAt.getTime(),
    resolvedAtMs: msOf(resolvedAt),
    acknowledgedAtMs: msOf(acknowledgedAt),
    toldAtMs: msOf(toldAt),
  };
}
