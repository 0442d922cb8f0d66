import type { Connection } from "./db.ts";

/** A series at its last known point. `last`: its counts, as JSON; null where only the time matters. */
export interface SeriesPoint {
  /** Hex. */
  key: string;
  timeNs: bigint;
  last: unknown;
}

/** Series of one instance of a service and environment. */
export interface SeriesOf {
  scopeId: number;
  /** Hex. */
  instance: string;
}

/** Rows of one service and environment: each cumulative series takes one, and each start of a process one. */
export const SERIES_KEPT = 50_000;
/** A row not seen for so long is forgotten, sooner when there is no room. Its process is counted from its next point on. */
export const SERIES_KEPT_MS = 6 * 3_600_000;
const FORGOTTEN_SOONER_MS = 3_600_000;
/** First half of the advisory locks under which the points of one instance are counted one after another. */
const INSTANCE_LOCKS = 7_243_394;

/** Waits until no other transaction counts points of this instance; holds until this one ends. */
export async function lockInstance(tx: Connection, { instance }: SeriesOf): Promise<void> {
  const half = Buffer.from(instance, "hex").readInt32BE(0);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${INSTANCE_LOCKS}::int, ${half}::int)`;
}

/** The last known points of these series, by key. */
export async function lastPoints(
  tx: Connection,
  { scopeId, instance }: SeriesOf,
  keys: readonly string[],
): Promise<Map<string, SeriesPoint>> {
  const rows = await tx.$queryRaw<SeriesPoint[]>`
    SELECT encode(key, 'hex') AS key, time_ns AS "timeNs", last FROM otlp_series
    WHERE scope_id = ${scopeId}::int AND instance = decode(${instance}, 'hex')
      AND key IN (SELECT decode(k, 'hex') FROM unnest(${[...keys]}::text[]) k)`;
  return new Map(rows.map((row) => [row.key, row]));
}

/** How many more series of a service and environment there is room for; those long unseen make room first. */
export async function roomForSeries(tx: Connection, scopeId: number, nowMs: number): Promise<number> {
  const room = SERIES_KEPT - (await countSeries(tx, scopeId));
  if (room > SERIES_KEPT / 10) return room;
  const before = new Date(nowMs - FORGOTTEN_SOONER_MS);
  await tx.$executeRaw`DELETE FROM otlp_series WHERE scope_id = ${scopeId}::int AND seen_at < ${before}`;
  return Math.max(0, SERIES_KEPT - (await countSeries(tx, scopeId)));
}

const countSeries = (tx: Connection, scopeId: number): Promise<number> => tx.otlpSeries.count({ where: { scopeId } });

/** Keeps the last points of series. None may be listed twice. */
export async function saveSeries(
  tx: Connection,
  { scopeId, instance }: SeriesOf,
  { points, atMs }: { points: readonly SeriesPoint[]; atMs: number },
): Promise<void> {
  if (points.length === 0) return;
  const last = points.map((point) => (point.last === null ? null : JSON.stringify(point.last)));
  await tx.$executeRaw`
    INSERT INTO otlp_series (scope_id, instance, key, time_ns, last, seen_at)
    SELECT ${scopeId}::int, decode(${instance}, 'hex'), decode(p.key, 'hex'), p.time_ns, p.last::jsonb, ${new Date(atMs)}
    FROM unnest(${points.map(({ key }) => key)}::text[], ${points.map(({ timeNs }) => String(timeNs))}::bigint[], ${last}::text[])
      AS p (key, time_ns, last)
    ON CONFLICT (scope_id, instance, key) DO UPDATE
      SET time_ns = excluded.time_ns, last = excluded.last, seen_at = excluded.seen_at`;
}

/** Forgets what was not seen since. */
export async function deleteSeries(db: Connection, beforeMs: number): Promise<void> {
  await db.otlpSeries.deleteMany({ where: { seenAt: { lt: new Date(beforeMs) } } });
}
