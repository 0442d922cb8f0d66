import type { Connection } from "./db.ts";
import type { Prisma } from "./generated/client.ts";

/** What receivers are to be told. */
export interface EventRow {
  /** A UUIDv7. The same however often it is sent. */
  id: string;
  incidentId: string;
  /** `incident.opened` and the like. */
  type: string;
  atMs: number;
  /** Ids of receivers, as the rules had them when it happened. */
  receivers: string[];
  /** Everything that a payload of any kind is made of. */
  payload: unknown;
}

/** Writes an event. To be called in the transaction that writes what it tells of. */
export async function insertEvent(tx: Connection, { atMs, payload, ...event }: EventRow): Promise<void> {
  await tx.alertEvent.create({ data: { ...event, at: new Date(atMs), payload: payload as Prisma.InputJsonValue } });
}

/** The events of an incident, the first first. */
export async function eventsOf(
  db: Connection,
  incidentId: string,
): Promise<(EventRow & { fannedAtMs: number | null })[]> {
  const rows = await db.alertEvent.findMany({ where: { incidentId }, orderBy: [{ at: "asc" }, { id: "asc" }] });
  return rows.map(({ at, fannedAt, ...row }) => ({
    ...row,
    atMs: at.getTime(),
    fannedAtMs: fannedAt?.getTime() ?? null,
  }));
}
