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

export async function insertIncident(db: Connection, { openedAtMs, ...incident }: NewIncident): Promise<IncidentRow> {
  const openedAt = new Date(openedAtMs);
  return fromRow(await db.alertIncident.create({ data: { ...incident, openedAt, told: [], receivers: [] } }));
}

/** What a round changes of an incident; acknowledging is not among it, since people do that meanwhile. */
export type IncidentChange = Partial<Pick<IncidentRow, "resolvedAtMs" | "toldAtMs" | "told" | "receivers">>;

export async function updateIncident(db: Connection, id: string, change: IncidentChange): Promise<void> {
  const { resolvedAtMs, toldAtMs, told, receivers } = change;
  await db.alertIncident.update({
    where: { id },
    data: {
      ...(resolvedAtMs === undefined ? {} : { resolvedAt: dateOf(resolvedAtMs) }),
      ...(toldAtMs === undefined ? {} : { toldAt: dateOf(toldAtMs) }),
      ...(told === undefined ? {} : { told }),
      ...(receivers === undefined ? {} : { receivers }),
    },
  });
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
