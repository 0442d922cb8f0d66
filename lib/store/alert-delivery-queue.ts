import type { Connection, Db } from "./db.ts";
import type { Prisma } from "./generated/client.ts";
import { uuid7 } from "./uuid7.ts";

/** Events that are fanned out at a time. */
const EVENTS_AT_ONCE = 100;

/**
 * Makes a delivery of each waiting event for each of its receivers that exists, in one transaction with the mark that it was done. Two
 * workers at once do not do the same. Returns the ids of receivers that do not exist.
 */
export async function fanOut(db: Db, nowMs: number): Promise<{ events: number; unknown: string[] }> {
  const now = new Date(nowMs);
  return db.$transaction(async (tx) => {
    const events = await tx.$queryRaw<{ id: string; type: string; receivers: string[] }[]>`
      SELECT id::text, type, receivers FROM alert_event WHERE fanned_at IS NULL ORDER BY at, id
      LIMIT ${EVENTS_AT_ONCE}::int FOR UPDATE SKIP LOCKED`;
    if (events.length === 0) return { events: 0, unknown: [] };
    const wanted = [...new Set(events.flatMap(({ receivers }) => receivers))];
    const known = new Map((await existing(tx, wanted)).map((row) => [row.id, row]));
    const data = events.flatMap(({ id, type, receivers }) =>
      receivers.flatMap((receiver) => rowsFor({ messageId: id, type }, known.get(receiver.toLowerCase()), now)),
    );
    await tx.alertDelivery.createMany({ data, skipDuplicates: true });
    await tx.alertEvent.updateMany({ where: { id: { in: events.map(({ id }) => id) } }, data: { fannedAt: now } });
    return { events: events.length, unknown: wanted.filter((id) => !known.has(id.toLowerCase())) };
  });
}

interface Known {
  id: string;
  enabled: boolean;
}

function existing(tx: Connection, ids: readonly string[]): Promise<Known[]> {
  return tx.$queryRaw<Known[]>`
    SELECT id::text, enabled FROM alert_receiver WHERE id::text = ANY(${ids.map((id) => id.toLowerCase())}::text[]) FOR SHARE`;
}

function rowsFor(
  event: { messageId: string; type: string },
  receiver: Known | undefined,
  now: Date,
): Prisma.AlertDeliveryCreateManyInput[] {
  if (receiver === undefined) return [];
  const delivery = { id: uuid7(now.getTime()), ...event, receiverId: receiver.id, createdAt: now };
  if (receiver.enabled) return [{ ...delivery, state: "waiting", nextAt: now }];
  return [{ ...delivery, state: "failed", nextAt: null, why: RECEIVER_OFF }];
}

/** Why what was never sent failed. */
export const RECEIVER_OFF = "the receiver is switched off";

/** Makes due what was never tried and waits for a time that is not yet: the clock was set back since. */
export async function makeNewDue(tx: Connection, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  await tx.$executeRaw`UPDATE alert_delivery SET next_at = ${now} WHERE state = 'waiting' AND attempts = 0 AND next_at > ${now}`;
}

/** A delivery that this worker is to send. */
export interface Claim {
  id: string;
  messageId: string;
  receiverId: string;
  attempts: number;
  payload: unknown;
  kind: string;
  sealed: string;
  failingSinceMs: number | null;
  failedAtMs: number | null;
}

/**
 * Takes deliveries that are due, the longest due first, one of a receiver at a time (the one under way stays its first): one
 * that hangs holds one place, and events arrive in their order. Receivers that fail come last. What a killed worker had taken is taken again after `leaseMs`.
 */
export async function claimDue(
  db: Connection,
  { nowMs, leaseMs, limit }: { nowMs: number; leaseMs: number; limit: number },
): Promise<Claim[]> {
  const [now, until] = [new Date(nowMs), new Date(nowMs + leaseMs)];
  return db.$queryRaw<Claim[]>`
    WITH first AS (
      SELECT DISTINCT ON (d.receiver_id) d.id, d.next_at FROM alert_delivery d
      WHERE d.state = 'waiting' AND d.next_at <= ${now}
      ORDER BY d.receiver_id, d.next_at, d.id),
    mine AS (
      SELECT d.id FROM alert_delivery d JOIN first ON first.id = d.id JOIN alert_receiver r ON r.id = d.receiver_id
      WHERE d.state = 'waiting' AND d.next_at <= ${now} AND (d.claimed_until IS NULL OR d.claimed_until <= ${now})
      ORDER BY r.failing_since IS NOT NULL, d.next_at, d.id LIMIT ${limit}::int FOR UPDATE OF d SKIP LOCKED)
    UPDATE alert_delivery d SET claimed_until = ${until}
    FROM mine, alert_receiver r
    WHERE d.id = mine.id AND r.id = d.receiver_id
    RETURNING d.id::text, d.message_id::text AS "messageId", d.receiver_id::text AS "receiverId", d.attempts,
      coalesce(d.payload, (SELECT e.payload FROM alert_event e WHERE e.id = d.message_id)) AS payload, r.kind, r.sealed,
      (extract(epoch FROM r.failing_since) * 1000)::float8 AS "failingSinceMs",
      (extract(epoch FROM r.failed_at) * 1000)::float8 AS "failedAtMs"`;
}
