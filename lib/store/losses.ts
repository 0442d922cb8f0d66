import type { Writer } from "./bulk.ts";
import type { Connection } from "./db.ts";

const MINUTE_MS = 60_000;
/** Counts stay here: a sender that reports absurd numbers must not make a sum that the database refuses, fold after fold. */
const HIGHEST = Number.MAX_SAFE_INTEGER;

/** Samples that could not be kept, in the minute that holds `atMs`. */
export interface LossOf {
  serviceId: number;
  environment: string;
  atMs: number;
  reason: string;
  count: number;
}

/** Adds to the losses of minutes, and to what was ever lost. Entries of the same minute and reason are added up first. */
export async function addLosses(db: Writer, losses: readonly LossOf[]): Promise<void> {
  const rows = losses.filter(({ count }) => count > 0);
  if (rows.length === 0) return;
  await db.$executeRaw`
    WITH lost AS MATERIALIZED (SELECT * FROM unnest(
      ${rows.map((r) => r.serviceId)}::int[], ${rows.map((r) => r.environment)}::text[],
      ${rows.map((r) => minuteOf(r.atMs))}::timestamptz[], ${rows.map((r) => r.reason)}::text[],
      ${rows.map((r) => Math.min(r.count, HIGHEST))}::bigint[]) AS l (service_id, environment, start, reason, count)),
    ever AS (
      INSERT INTO loss_total (service_id, environment, reason, count)
      SELECT service_id, environment, reason, least(sum(count), ${HIGHEST}::bigint)::bigint FROM lost
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (service_id, environment, reason)
        DO UPDATE SET count = least(loss_total.count + excluded.count, ${HIGHEST}::bigint))
    INSERT INTO loss (service_id, environment, start, reason, count)
    SELECT service_id, environment, start, reason, least(sum(count), ${HIGHEST}::bigint)::bigint FROM lost
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (service_id, environment, start, reason) DO UPDATE SET count = least(loss.count + excluded.count, ${HIGHEST}::bigint)`;
}

/** Requests to ingest that were refused whole, in the minute that holds `atMs`. */
export interface RefusalOf {
  atMs: number;
  code: string;
  count: number;
}

/** Adds to the refusals. */
export async function addRefusals(db: Connection, refusals: readonly RefusalOf[]): Promise<void> {
  if (refusals.length === 0) return;
  await db.$executeRaw`
    WITH refused AS MATERIALIZED (SELECT * FROM unnest(
      ${refusals.map((r) => minuteOf(r.atMs))}::timestamptz[], ${refusals.map((r) => r.code)}::text[],
      ${refusals.map((r) => r.count)}::bigint[]) AS r (start, code, count)),
    ever AS (
      INSERT INTO refusal_total (code, count) SELECT code, sum(count)::bigint FROM refused GROUP BY 1 ORDER BY 1
      ON CONFLICT (code) DO UPDATE SET count = refusal_total.count + excluded.count)
    INSERT INTO refusal (start, code, count)
    SELECT start, code, sum(count)::bigint FROM refused
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (start, code) DO UPDATE SET count = refusal.count + excluded.count`;
}

const minuteOf = (ms: number): Date => new Date(Math.floor(ms / MINUTE_MS) * MINUTE_MS);

/** Removes losses and refusals of before a moment, at most `most` of each. Returns how many went. */
export async function deleteLosses(db: Connection, beforeMs: number, most: number): Promise<number> {
  const before = new Date(beforeMs);
  const losses = await db.$executeRaw`
    DELETE FROM loss WHERE (service_id, environment, start, reason) IN
      (SELECT service_id, environment, start, reason FROM loss WHERE start < ${before} LIMIT ${most}::int)`;
  const refusals = await db.$executeRaw`
    DELETE FROM refusal WHERE (start, code) IN
      (SELECT start, code FROM refusal WHERE start < ${before} LIMIT ${most}::int)`;
  return losses + refusals;
}
