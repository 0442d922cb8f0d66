import type { Writer } from "./bulk.ts";
import type { Connection } from "./db.ts";
import type { Reader } from "./snapshot.ts";

/** A stretch of a source: everything up to its end has one digest. */
export interface NewChunk {
  /** SHA-256 of who it is from. */
  source: Uint8Array;
  /** SHA-256 of everything up to where it begins; `null`: it is the first. */
  fromDigest: Uint8Array | null;
  digest: Uint8Array;
  /** Where it ends, bytes. */
  upto: number;
  /** What `packBatches` gives. */
  payload: Uint8Array;
}

/** `duplicate`: it was stored before. `conflict`: what it follows on is not known, or is followed by something else. */
export type StoredChunk = "stored" | "duplicate" | "conflict";

/**
 * Stores a chunk and its receipt in one statement: it counts once, however often and wherever it arrives at the same time.
 * When this returns, it is committed.
 */
export async function storeChunk(db: Connection, chunk: NewChunk): Promise<StoredChunk> {
  const { source, fromDigest, digest, upto, payload } = chunk;
  const [row] = await db.$queryRaw<{ stored: boolean }[]>`
    WITH receipt AS (
      INSERT INTO import_receipt (source, digest, from_digest, upto)
      SELECT ${source}::bytea, ${digest}::bytea, ${fromDigest}::bytea, ${upto}::bigint
      WHERE ${fromDigest}::bytea IS NULL
        OR EXISTS (SELECT FROM import_receipt WHERE source = ${source}::bytea AND digest = ${fromDigest}::bytea)
      ON CONFLICT DO NOTHING RETURNING 1),
    stored AS (INSERT INTO import_chunk (payload) SELECT ${payload}::bytea FROM receipt RETURNING 1)
    SELECT EXISTS (SELECT FROM stored) AS stored`;
  if (row!.stored) return "stored";
  const known = await db.importReceipt.findFirst({
    where: { source: new Uint8Array(source), digest: new Uint8Array(digest) },
  });
  return known === null ? "conflict" : "duplicate";
}

/** How far a source was imported: the ends of its chunks, first to last. */
export async function importedUpto(
  db: Connection,
  source: Uint8Array,
): Promise<{ offset: number; digest: Uint8Array }[]> {
  return db.$queryRaw<{ offset: number; digest: Uint8Array }[]>`
    SELECT upto::float8 AS "offset", digest FROM import_receipt WHERE source = ${source}::bytea ORDER BY upto`;
}

/** How many chunks wait to be folded. */
export async function waitingChunks(db: Reader): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM import_chunk`;
  return row!.count;
}

/** Any fixed number: history is folded by one process at a time. */
const HISTORY_LOCK = 7_243_391_804;

/** The chunk that has waited longest, claimed until the transaction ends; `null`: there is none, or another one folds. */
export async function claimChunk(tx: Reader): Promise<{ id: string; payload: Uint8Array } | null> {
  const [lock] = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(${HISTORY_LOCK}) AS held`;
  if (!lock!.held) return null;
  const [row] = await tx.$queryRaw<{ id: string; payload: Uint8Array }[]>`
    SELECT id::text, payload FROM import_chunk ORDER BY import_chunk.id LIMIT 1`;
  return row ?? null;
}

export async function deleteChunk(tx: Writer, id: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM import_chunk WHERE id = ${id}::bigint`;
}

/** A stretch of a service and environment in which there is imported history, Unix ms. */
export interface HistoryStretch {
  service: string;
  environment: string;
  fromMs: number;
  toMs: number;
}

/** Notes that there is history of a scope in a stretch: what was noted before is widened. */
export async function noteHistory(
  tx: Writer,
  { scopeId, fromMs, toMs }: { scopeId: number; fromMs: number; toMs: number },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO import_history AS h (scope_id, from_at, to_at) VALUES (${scopeId}::int, ${new Date(fromMs)}, ${new Date(toMs)})
    ON CONFLICT (scope_id) DO UPDATE
      SET from_at = least(h.from_at, excluded.from_at), to_at = greatest(h.to_at, excluded.to_at)`;
}

/** The stretches with imported history that end after a moment. */
export async function historySince(db: Connection, sinceMs: number): Promise<HistoryStretch[]> {
  return db.$queryRaw<HistoryStretch[]>`
    SELECT s.name AS service, e.environment, (extract(epoch FROM h.from_at) * 1000)::float8 AS "fromMs",
      (extract(epoch FROM h.to_at) * 1000)::float8 AS "toMs"
    FROM import_history h JOIN endpoint e ON e.id = h.scope_id JOIN service s ON s.id = e.service_id
    WHERE h.to_at > ${new Date(sinceMs)}`;
}

/** Forgets receipts of before a moment, and stretches that ended before it: what they were about is expired. */
export async function deleteHistory(db: Connection, beforeMs: number): Promise<void> {
  const before = new Date(beforeMs);
  await db.importReceipt.deleteMany({ where: { receivedAt: { lt: before } } });
  await db.importHistory.deleteMany({ where: { toAt: { lt: before } } });
}
