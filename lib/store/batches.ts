import type { Bulk, Writer } from "./bulk.ts";
import { whole } from "./copy-out.ts";
import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import type { Reader } from "./snapshot.ts";

/** Batches are spread over so many slots; a fold claims slots. Part of the stored form: never change it. */
export const SLOTS = 64;
/** First half of the advisory locks that claim slots. */
const SLOT_LOCKS = 7_243_391;

/** A batch as it is kept until it is folded. */
export interface NewBatch {
  /** A UUID in lower case. */
  id: string;
  service: string;
  environment: string;
  windowStartMs: number;
  /** SHA-256 of the inflated body as it was sent. */
  digest: Uint8Array;
  /** What `encodeBatch` gives. */
  payload: Uint8Array;
}

/** `duplicate`: known with the same bytes. `conflict`: known with other bytes; nothing changed. */
export type Stored = "stored" | "duplicate" | "conflict";

/** The slot of a batch id. */
export function slotOf(id: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x0100_0193);
  return (hash >>> 16) % SLOTS;
}

/**
 * Stores a batch and its receipt in one statement: it counts once, however often and wherever it arrives at the same
 * time. When this returns, it is committed.
 */
export async function storeBatch(db: Connection, batch: NewBatch): Promise<Stored> {
  const { id, service, environment, digest, payload } = batch;
  const day = new Date(batch.windowStartMs).toISOString().slice(0, 10);
  const [row] = await db.$queryRaw<{ stored: boolean; digest: Uint8Array | null }[]>`
    SELECT stored, digest FROM store_batch(${slotOf(id)}::smallint, ${id}::uuid, ${day}::date, ${digest}::bytea,
      ${service}::text, ${environment}::text, ${payload}::bytea)`;
  if (row!.stored) return "stored";
  return row!.digest !== null && Buffer.compare(row!.digest, digest) === 0 ? "duplicate" : "conflict";
}

/** A batch that a fold has claimed. */
export interface ClaimedBatch {
  slot: number;
  id: string;
  service: string;
  environment: string;
  payload: Uint8Array;
}

/**
 * Claims slots for this transaction and returns their batches, oldest first, up to about `mostBytes`. Slots that another
 * transaction holds are passed over; the claim ends with the transaction, however it ends.
 */
export async function claimBatches(tx: Bulk, mostBytes: number): Promise<ClaimedBatch[]> {
  const slots = await claimSlots(tx, worthClaiming(await waitingSlots(tx), mostBytes));
  return slots.length === 0 ? [] : oldestOf(tx, slots, mostBytes);
}

interface WaitingSlot {
  slot: number;
  bytes: number;
}

async function waitingSlots(tx: Bulk): Promise<WaitingSlot[]> {
  return tx.$queryRaw<WaitingSlot[]>`
    SELECT slot::int AS slot, sum(octet_length(payload))::float8 AS bytes FROM batch GROUP BY slot`;
}

/** Some slots, chosen by chance, that hold about so many bytes: what is left is for others, or for the next round. */
function worthClaiming(waiting: WaitingSlot[], mostBytes: number): number[] {
  let bytes = 0;
  return shuffled(waiting).flatMap(({ slot, bytes: own }) => (bytes >= mostBytes ? [] : ((bytes += own), [slot])));
}

async function claimSlots(tx: Bulk, slots: readonly number[]): Promise<number[]> {
  const rows = await tx.$queryRaw<{ slot: number }[]>`
    SELECT slot FROM unnest(${[...slots]}::int[]) slot WHERE pg_try_advisory_xact_lock(${SLOT_LOCKS}::int, slot)`;
  return rows.map(({ slot }) => slot);
}

/** A backlog of hours must not come into memory at once. Of payloads that are passed over, the database reads the length alone. */
async function oldestOf(tx: Bulk, slots: readonly number[], mostBytes: number): Promise<ClaimedBatch[]> {
  const rows = await tx.copy(`
    SELECT slot::int4, id::text, service, environment, payload FROM (
      SELECT slot, id, service, environment, payload, received_at, octet_length(payload) AS own,
        sum(octet_length(payload)) OVER (ORDER BY received_at, slot, id) AS upto
      FROM batch WHERE slot = ANY('{${slots.map(whole).join(",")}}'::smallint[])) b
    WHERE upto - own < ${whole(mostBytes)} ORDER BY received_at, slot, id`);
  const batches: ClaimedBatch[] = [];
  while (rows.next())
    batches.push({
      slot: rows.int(),
      id: rows.text(),
      service: rows.text(),
      environment: rows.text(),
      payload: rows.blob(),
    });
  return batches;
}

/** Removes folded batches; their receipts stay. */
export async function deleteBatches(tx: Writer, batches: readonly ClaimedBatch[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM batch WHERE (slot, id) IN
      (SELECT * FROM unnest(${batches.map((b) => b.slot)}::smallint[], ${batches.map((b) => b.id)}::uuid[]))`;
}

/** How many batches wait to be folded, and for how long the oldest has. */
export async function waitingBatches(db: Reader): Promise<{ count: number; oldestMs: number | null }> {
  const [row] = await db.$queryRaw<{ count: number; oldestMs: number | null }[]>(Prisma.sql`
    SELECT count(*)::int AS count, (extract(epoch FROM min(received_at)) * 1000)::float8 AS "oldestMs" FROM batch`);
  return row!;
}

/** So that several folders do not try the same slots in the same order. */
function shuffled<T>(list: T[]): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}
