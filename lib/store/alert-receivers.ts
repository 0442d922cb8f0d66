import { forgetReceiver } from "./alert-rules.ts";
import type { Connection, Db } from "./db.ts";
import { uuid7 } from "./uuid7.ts";

export interface ReceiverRow {
  id: string;
  name: string;
  kind: string;
  /** The address as it may be shown. */
  shown: string;
  /** Address and secrets, sealed. */
  sealed: string;
  enabled: boolean;
  /** Why it was switched off by itself: `gone`, `failing`. */
  offReason: string | null;
  offAtMs: number | null;
  failingSinceMs: number | null;
  failedAtMs: number | null;
  createdAtMs: number;
  createdBy: string | null;
}

export type NewReceiver = Pick<ReceiverRow, "id" | "name" | "kind" | "shown" | "sealed">;

export const newReceiverId = (nowMs: number): string => uuid7(nowMs);

export async function insertReceiver(
  db: Connection,
  receiver: NewReceiver,
  { nowMs, by }: { nowMs: number; by: string | null },
): Promise<void> {
  await db.alertReceiver.create({ data: { ...receiver, createdAt: new Date(nowMs), createdBy: by } });
}

export async function readReceivers(db: Connection): Promise<ReceiverRow[]> {
  return (await db.alertReceiver.findMany({ orderBy: { name: "asc" } })).map(fromRow);
}

/** The ids of all receivers. */
export async function receiverIds(db: Connection): Promise<Set<string>> {
  return new Set((await db.alertReceiver.findMany({ select: { id: true } })).map(({ id }) => id));
}

export async function findReceiver(db: Connection, id: string): Promise<ReceiverRow | null> {
  const row = await db.alertReceiver.findUnique({ where: { id } });
  return row && fromRow(row);
}

/** Writes what people change. Switching on forgets why it was off. */
export async function updateReceiver(
  db: Connection,
  id: string,
  change: Partial<Pick<ReceiverRow, "name" | "shown" | "sealed" | "enabled">>,
): Promise<void> {
  const anew = { offReason: null, offAt: null, failingSince: null, failedAt: null };
  await db.alertReceiver.updateMany({ where: { id }, data: { ...change, ...(change.enabled === true ? anew : {}) } });
}

/**
 * Holds a receiver until the transaction ends, and says whether it is switched on; `null`: it is gone. Before its deliveries are touched, as whoever
 * removes it does: in the other order, both would wait for each other.
 */
export async function lockReceiver(tx: Connection, id: string): Promise<boolean | null> {
  const [row] = await tx.$queryRaw<{ enabled: boolean }[]>`
    SELECT enabled FROM alert_receiver WHERE id = ${id}::uuid FOR UPDATE`;
  return row?.enabled ?? null;
}

/** How a receiver does, after an attempt. With `off` it is switched off by itself. */
export async function noteHealth(
  db: Connection,
  id: string,
  { failingSinceMs, failedAtMs, off, nowMs }: HealthChange,
): Promise<void> {
  const health = { failingSince: dateOf(failingSinceMs), failedAt: dateOf(failedAtMs) };
  const switched = off === null ? {} : { enabled: false, offReason: off, offAt: new Date(nowMs) };
  await db.alertReceiver.updateMany({ where: { id }, data: { ...health, ...switched } });
}

export interface HealthChange {
  failingSinceMs: number | null;
  failedAtMs: number | null;
  off: string | null;
  nowMs: number;
}

/** Removes a receiver with its deliveries, and from the rules that name it. */
export async function deleteReceiver(db: Db, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await forgetReceiver(tx, id);
    await tx.alertReceiver.deleteMany({ where: { id } });
  });
}

const dateOf = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));

type Row = NonNullable<Awaited<ReturnType<Connection["alertReceiver"]["findUnique"]>>>;

function fromRow({ offAt, failingSince, failedAt, createdAt, ...row }: Row): ReceiverRow {
  return {
    ...row,
    offAtMs: offAt?.getTime() ?? null,
    failingSinceMs: failingSince?.getTime() ?? null,
    failedAtMs: failedAt?.getTime() ?? null,
    createdAtMs: createdAt.getTime(),
  };
}
