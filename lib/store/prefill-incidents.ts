import type { Connection } from "./db.ts";
import type { Prisma } from "./generated/client.ts";

/** Why filling was switched off. */
export interface PrefillIncident {
  id: number;
  openedAtMs: number;
  /** When a person switched filling on again. */
  closedAtMs: number | null;
  kind: string;
  detail: unknown;
}

export async function openIncident(
  db: Connection,
  scopeId: number,
  { kind, detail, nowMs }: { kind: string; detail: Prisma.InputJsonValue; nowMs: number },
): Promise<void> {
  await db.prefillIncident.create({ data: { scopeId, kind, detail, openedAt: new Date(nowMs) } });
}

export async function closeIncidents(db: Connection, scopeId: number, nowMs: number): Promise<void> {
  await db.prefillIncident.updateMany({ where: { scopeId, closedAt: null }, data: { closedAt: new Date(nowMs) } });
}

/** The last incidents of a scope, newest first. */
export async function incidentsOf(db: Connection, scopeId: number, most = 20): Promise<PrefillIncident[]> {
  const rows = await db.prefillIncident.findMany({ where: { scopeId }, orderBy: { id: "desc" }, take: most });
  return rows.map(fromRow);
}

type Row = NonNullable<Awaited<ReturnType<Connection["prefillIncident"]["findFirst"]>>>;

function fromRow({ id, openedAt, closedAt, kind, detail }: Row): PrefillIncident {
  return { id, openedAtMs: openedAt.getTime(), closedAtMs: closedAt?.getTime() ?? null, kind, detail };
}

/** The incidents that were open at some moment of a stretch, and the last one before it; the oldest first. */
export async function incidentsIn(
  db: Connection,
  scopeId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<PrefillIncident[]> {
  const isOpen = { OR: [{ closedAt: null }, { closedAt: { gt: new Date(fromMs) } }] };
  const where = { scopeId, openedAt: { lte: new Date(toMs) }, ...isOpen };
  return (await db.prefillIncident.findMany({ where, orderBy: { id: "asc" } })).map(fromRow);
}

export async function deleteIncidents(db: Connection, beforeMs: number): Promise<number> {
  const { count } = await db.prefillIncident.deleteMany({ where: { openedAt: { lt: new Date(beforeMs) } } });
  return count;
}
