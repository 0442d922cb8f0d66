import { type HealthChange, lockReceiver, noteHealth } from "./alert-receivers.ts";
import { RECEIVER_OFF } from "./alert-delivery-queue.ts";
import type { Connection, Db } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import { uuid7 } from "./uuid7.ts";

export interface AttemptRow {
  atMs: number;
  tookMs: number;
  /** The HTTP status; `null`: nothing came back. */
  status: number | null;
  error: string | null;
  answer: string | null;
  /** Where it went, as it may be shown; `null`: nowhere, or it was not noted. */
  address: string | null;
}

export interface DeliveryRow {
  id: string;
  messageId: string;
  receiverId: string;
  receiverName: string;
  /** The receiver's. */
  kind: string;
  type: string;
  state: string;
  attempts: number;
  nextAtMs: number | null;
  createdAtMs: number;
  why: string | null;
  /** What it is made of; `null`: the event is gone. */
  payload: unknown;
  log: AttemptRow[];
}

/** What an attempt changes. */
export interface Outcome extends HealthChange {
  state: "delivered" | "waiting" | "failed";
  nextAtMs: number | null;
  attempt: AttemptRow;
}

/**
 * Writes what became of an attempt, of its delivery and its receiver. What waits for a receiver that is switched off fails, whether by this attempt
 * or by a person meanwhile. A receiver or delivery that is gone meanwhile stays gone.
 */
export async function noteAttempt(
  db: Db,
  delivery: { id: string; receiverId: string },
  outcome: Outcome,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const isOn = await lockReceiver(tx, delivery.receiverId);
    if (isOn === null) return;
    const { count } = await tx.alertDelivery.updateMany({
      where: { id: delivery.id },
      data: { ...nextOf(outcome, isOn), claimedUntil: null, attempts: { increment: 1 } },
    });
    if (count === 0) return;
    const { atMs, ...rest } = outcome.attempt;
    await tx.alertAttempt.create({ data: { deliveryId: delivery.id, at: new Date(atMs), ...rest } });
    await noteHealth(tx, delivery.receiverId, outcome);
    if (outcome.off !== null) await failWaiting(tx, delivery.receiverId);
  });
}

function nextOf({ state, nextAtMs }: Outcome, isOn: boolean) {
  if (state === "waiting" && !isOn) return { state: "failed", nextAt: null, why: RECEIVER_OFF };
  return { state, nextAt: nextAtMs === null ? null : new Date(nextAtMs), why: null };
}

/** What waits for a receiver fails: it is switched off. */
export async function failWaiting(db: Connection, receiverId: string): Promise<void> {
  await db.alertDelivery.updateMany({
    where: { receiverId, state: "waiting" },
    data: { state: "failed", nextAt: null, claimedUntil: null, why: RECEIVER_OFF },
  });
}

/** Makes a delivery of a test, which is sent once and by whoever asked for it. */
export async function insertTest(
  db: Connection,
  test: { messageId: string; receiverId: string; payload: unknown; nowMs: number },
): Promise<string> {
  const { nowMs, payload, ...ids } = test;
  const id = uuid7(nowMs);
  const data = { id, ...ids, type: "test", state: "failed", payload: payload as Prisma.InputJsonValue };
  await db.alertDelivery.create({ data: { ...data, createdAt: new Date(nowMs) } });
  return id;
}

export interface DeliveryWish {
  receiverId?: string | undefined;
  state?: string | undefined;
  /** A rule that fired in the incident that it tells of. */
  ruleId?: string | undefined;
  incidentId?: string | undefined;
  /** Ids sort by time: those before this one. */
  before?: string | undefined;
  limit: number;
}

const WITH = { receiver: { select: { name: true, kind: true } }, log: { orderBy: { id: "asc" } } } as const;

/** Deliveries with their attempts, the latest first. */
export async function listDeliveries(db: Connection, wish: DeliveryWish): Promise<DeliveryRow[]> {
  const ids = await idsOf(db, wish);
  const rows = await db.alertDelivery.findMany({ where: { id: { in: ids } }, orderBy: { id: "desc" }, include: WITH });
  return withEvents(db, rows);
}

/** An event belongs to one incident, in which several rules may have fired. A test belongs to none. */
async function idsOf(db: Connection, wish: DeliveryWish): Promise<string[]> {
  const { receiverId, state, ruleId, incidentId, before, limit } = wish;
  const event = Prisma.sql`SELECT 1 FROM alert_event e WHERE e.id = d.message_id`;
  const fired = Prisma.sql`SELECT 1 FROM alert_member m WHERE m.incident_id = e.incident_id AND m.rule_id = ${ruleId}::uuid`;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id::text FROM alert_delivery d WHERE TRUE
    ${receiverId === undefined ? Prisma.empty : Prisma.sql`AND d.receiver_id = ${receiverId}::uuid`}
    ${state === undefined ? Prisma.empty : Prisma.sql`AND d.state = ${state}`}
    ${incidentId === undefined ? Prisma.empty : Prisma.sql`AND EXISTS (${event} AND e.incident_id = ${incidentId}::uuid)`}
    ${ruleId === undefined ? Prisma.empty : Prisma.sql`AND EXISTS (${event} AND EXISTS (${fired}))`}
    ${before === undefined ? Prisma.empty : Prisma.sql`AND d.id < ${before}::uuid`}
    ORDER BY d.id DESC LIMIT ${limit}::int`;
  return rows.map(({ id }) => id);
}

export async function findDelivery(db: Connection, id: string): Promise<DeliveryRow | null> {
  const row = await db.alertDelivery.findUnique({ where: { id }, include: WITH });
  return row && (await withEvents(db, [row]))[0]!;
}

/** A test has its payload with it; the others' is their event's. */
async function withEvents(db: Connection, rows: readonly Row[]): Promise<DeliveryRow[]> {
  const ids = rows.filter(({ payload }) => payload === null).map(({ messageId }) => messageId);
  const events = await db.alertEvent.findMany({ where: { id: { in: ids } }, select: { id: true, payload: true } });
  const payloads = new Map(events.map(({ id, payload }) => [id, payload]));
  return rows.map((row) => fromRow(row, row.payload ?? payloads.get(row.messageId) ?? null));
}

/** Begins the schedule of a delivery anew, unless a worker is at it. Returns whether. */
export async function sendAgain(db: Connection, id: string, nowMs: number): Promise<boolean> {
  const now = new Date(nowMs);
  const { count } = await db.alertDelivery.updateMany({
    where: { id, OR: [{ claimedUntil: null }, { claimedUntil: { lte: now } }] },
    data: { state: "waiting", attempts: 0, nextAt: now, claimedUntil: null, why: null },
  });
  return count > 0;
}

/** Removes deliveries that were made before a moment and wait no more. */
export async function deleteOldDeliveries(db: Connection, beforeMs: number): Promise<void> {
  await db.alertDelivery.deleteMany({ where: { createdAt: { lt: new Date(beforeMs) }, state: { not: "waiting" } } });
}

type Row = Prisma.AlertDeliveryGetPayload<{ include: typeof WITH }>;

function fromRow({ receiver, nextAt, createdAt, log, ...row }: Row, payload: unknown): DeliveryRow {
  const { id, messageId, receiverId, type, state, attempts, why } = row;
  const ids = { id, messageId, receiverId, receiverName: receiver.name, kind: receiver.kind };
  return {
    ...ids,
    type,
    state,
    attempts,
    why,
    payload,
    nextAtMs: nextAt?.getTime() ?? null,
    createdAtMs: createdAt.getTime(),
    log: log.map(attemptOf),
  };
}

function attemptOf({ at, tookMs, status, error, answer, address }: Row["log"][number]): AttemptRow {
  return { atMs: at.getTime(), tookMs, status, error, answer, address };
}
