import { whole } from "./copy-out.ts";
import type { Connection, Db } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import type { ProfileChunk } from "./profile-pack.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";

const HOUR_MS = 3_600_000;

/** The layer in which everything is together. The others are weeks, counted from the epoch. */
export const MERGED = 0;

/** How far the profiles of a definition or endpoint reach. Payloads are histograms of all users together. */
export interface ProfileState {
  endpointId: number;
  /** Every hour before is in the layer of its week. */
  settledUptoMs: number;
  /** When the merged layer was made, and how long that took; `null`: not yet. */
  madeAtMs: number | null;
  tookMs: number;
  /** What the merged layer holds: users, since when, and all of them added up. */
  users: number;
  fromMs: number | null;
  miss: Uint8Array;
  hit: Uint8Array;
  loads: number;
  loadUs: number;
  cold: number;
  /** Visits by hour of the week, from Monday 00:00 UTC. */
  hours: number[];
}

export async function profileStatesOf(db: Connection, endpointIds: readonly number[]): Promise<ProfileState[]> {
  const rows = await db.prefillProfileState.findMany({ where: { endpointId: { in: [...endpointIds] } } });
  return rows.map(({ settledUpto, madeAt, fromAt, miss, hit, loads, loadUs, cold, ...row }) => ({
    ...row,
    settledUptoMs: settledUpto.getTime(),
    madeAtMs: madeAt?.getTime() ?? null,
    fromMs: fromAt?.getTime() ?? null,
    miss: miss ?? new Uint8Array(0),
    hit: hit ?? new Uint8Array(0),
    loads: Number(loads),
    loadUs: Number(loadUs),
    cold: Number(cold),
  }));
}

/** What making the merged layers of all endpoints took last, together. */
export async function allTookMs(db: Connection): Promise<number> {
  const { _sum } = await db.prefillProfileState.aggregate({ _sum: { tookMs: true } });
  return _sum.tookMs ?? 0;
}

/** Begins the profiles of an endpoint whose users were first seen at a time; nothing when they have begun. */
export async function beginProfiles(db: Connection, endpointId: number, firstMs: number): Promise<void> {
  const settledUpto = new Date(Math.floor(firstMs / HOUR_MS) * HOUR_MS);
  const data = [{ endpointId, settledUpto, fromAt: new Date(firstMs) }];
  await db.prefillProfileState.createMany({ data, skipDuplicates: true });
}

/** Up to when hours are settled, in the state of the database that a snapshot shows. */
export async function settledUptoOf(connection: Snapshot, endpointId: number): Promise<number> {
  const [row] = await connection.$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM settled_upto) * 1000)::float8 AS ms FROM prefill_profile_state
    WHERE endpoint_id = ${endpointId}`;
  return row!.ms;
}

/** The chunks of some layers of an endpoint, in the order of keys; layers without any are left out. */
export async function readLayers(
  connection: Snapshot,
  endpointId: number,
  layers: readonly number[],
): Promise<Map<number, Uint8Array[]>> {
  const rows = await connection.copy(
    `SELECT layer, payload FROM prefill_profile WHERE endpoint_id = ${whole(endpointId)}
      AND layer = ANY('{${layers.map(whole).join(",")}}'::int4[]) ORDER BY layer, key_low`,
  );
  const found = new Map<number, Uint8Array[]>();
  while (rows.next()) {
    const layer = rows.int();
    const chunks = found.get(layer) ?? [];
    found.set(layer, chunks);
    chunks.push(rows.blob());
  }
  return found;
}

/** The merged profiles of an endpoint. */
export async function readMerged(db: Db, endpointId: number): Promise<Uint8Array[]> {
  const layers = await snapshot(db, (connection) => readLayers(connection, endpointId, [MERGED]));
  return layers.get(MERGED) ?? [];
}

const ROWS_AT_ONCE = 20;
const LIMITS = { timeout: 60_000, maxWait: 10_000 };
/** First half of the advisory locks under which the profiles of an endpoint are written. */
const PROFILE_LOCKS = 7_243_393;

/**
 * Puts chunks in the place of a week's layer, which now has every hour before `settledUptoMs`, and removes layers of weeks before
 * `oldestLayer`. Nothing happens when another worker was here since `state` was read. Returns whether it was written.
 */
export async function saveSettled(
  db: Db,
  state: Pick<ProfileState, "endpointId" | "settledUptoMs">,
  settled: { layer: number; chunks: readonly ProfileChunk[]; settledUptoMs: number; oldestLayer: number },
): Promise<boolean> {
  const { endpointId } = state;
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PROFILE_LOCKS}::int, ${endpointId}::int)`;
    const { count } = await tx.prefillProfileState.updateMany({
      where: { endpointId, settledUpto: new Date(state.settledUptoMs) },
      data: { settledUpto: new Date(settled.settledUptoMs) },
    });
    if (count === 0) return false;
    await tx.$executeRaw`DELETE FROM prefill_profile WHERE endpoint_id = ${endpointId}::int
      AND (layer = ${settled.layer}::int OR layer BETWEEN 1 AND ${settled.oldestLayer - 1}::int)`;
    await insert(tx, endpointId, settled);
    return true;
  }, LIMITS);
}

/** Puts chunks in the place of the merged layer, and says what they hold. */
export async function saveMerged(
  db: Db,
  {
    endpointId,
    ...state
  }: Omit<ProfileState, "settledUptoMs" | "madeAtMs" | "fromMs"> & { madeAtMs: number; fromMs: number },
  chunks: readonly ProfileChunk[],
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PROFILE_LOCKS}::int, ${endpointId}::int)`;
    await tx.$executeRaw`DELETE FROM prefill_profile WHERE endpoint_id = ${endpointId}::int AND layer = ${MERGED}::int`;
    await insert(tx, endpointId, { layer: MERGED, chunks });
    const { madeAtMs, fromMs, miss, hit, loads, loadUs, cold, ...rest } = state;
    await tx.prefillProfileState.update({
      where: { endpointId },
      data: {
        ...rest,
        madeAt: new Date(madeAtMs),
        fromAt: new Date(fromMs),
        miss: new Uint8Array(miss),
        hit: new Uint8Array(hit),
        loads: BigInt(Math.round(loads)),
        loadUs: BigInt(Math.round(loadUs)),
        cold: BigInt(Math.round(cold)),
      },
    });
  }, LIMITS);
}

async function insert(
  tx: Connection,
  endpointId: number,
  { layer, chunks }: { layer: number; chunks: readonly ProfileChunk[] },
): Promise<void> {
  for (let from = 0; from < chunks.length; from += ROWS_AT_ONCE) {
    const rows = chunks
      .slice(from, from + ROWS_AT_ONCE)
      .map(
        ({ keyLow, users, payload }) =>
          Prisma.sql`(${endpointId}::int, ${layer}::int, ${keyLow}::bigint, ${users}::int, ${payload})`,
      );
    await tx.$executeRaw`INSERT INTO prefill_profile (endpoint_id, layer, key_low, users, payload)
      VALUES ${Prisma.join(rows)}`;
  }
}

/** Removes the profiles of endpoints that were not seen since a moment. Returns how many endpoints. */
export async function deleteProfiles(db: Connection, beforeMs: number): Promise<number> {
  const before = new Date(beforeMs);
  const stale = await db.prefillProfileState.findMany({
    where: { settledUpto: { lt: before }, OR: [{ madeAt: null }, { madeAt: { lt: before } }] },
    select: { endpointId: true },
  });
  const endpointId = { in: stale.map((one) => one.endpointId) };
  await db.prefillProfile.deleteMany({ where: { endpointId } });
  await db.prefillProfileState.deleteMany({ where: { endpointId } });
  return stale.length;
}

/**
 * When users of some endpoints were first seen, not before `fromMs`: to the minute while windows of a minute are kept, else to the hour;
 * `null` when they were not seen.
 */
export async function firstSeen(
  db: Connection,
  endpointIds: readonly number[],
  fromMs: number,
): Promise<number | null> {
  const from = new Date(fromMs);
  const ids = [...endpointIds];
  const [row] = await db.$queryRaw<{ hourMs: number | null; minuteMs: number | null }[]>`
    SELECT (SELECT extract(epoch FROM min(start)) * 1000 FROM user_window_1h
        WHERE endpoint_id = ANY(${ids}::int[]) AND start >= ${from})::float8 AS "hourMs",
      (SELECT extract(epoch FROM min(start)) * 1000 FROM user_window_1m
        WHERE endpoint_id = ANY(${ids}::int[]) AND start >= ${from})::float8 AS "minuteMs"`;
  const { hourMs, minuteMs } = row!;
  const isWithin = minuteMs !== null && (hourMs === null || minuteMs < hourMs + HOUR_MS);
  return isWithin ? minuteMs : hourMs;
}
