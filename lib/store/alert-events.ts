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

const AT_ONCE = 1_000;

/** Writes events. To be called in the transaction that writes what they tell of. */
export async function insertEvents(tx: Connection, events: readonly EventRow[]): Promise<void> {
  const data = events.map(({ atMs, payload, ...event }) => {
    return { ...event, at: new Date(atMs), payload: payload as Prisma.InputJsonValue };
  });
  for (let from = 0; from < data.length; from += AT_ONCE)
    await tx.alertEvent.createMany({ data: data.slice(from, from + AT_ONCE) });
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
