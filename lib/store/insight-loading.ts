import type { RepeatReport, TrialReport } from "../wire/index.ts";
import type { Connection } from "./db.ts";
import type { Reader } from "./snapshot.ts";

/** How long repeated statements and trials are kept. */
export const LOADING_KEPT_SECONDS = 35 * 86_400;
/** Kept of one service and environment for each hour, instances added up. */
export const REPEATS_AN_HOUR = 5_000;
export const TRIALS_AN_HOUR = 500;

/** What an instance told of an hour. */
export interface StoredRepeat {
  hourMs: number;
  endpoint: string;
  statementId: string;
  instance: string;
  about: Omit<RepeatReport, "hour" | "endpoint" | "statement">;
}

export interface StoredTrial {
  hourMs: number;
  trial: string;
  instance: string;
  about: Omit<TrialReport, "hour" | "trial">;
}

/** Keeps repeats in the place of what the instance told of the same hour before. None may be listed twice. */
export async function saveRepeats(db: Connection, scopeId: number, repeats: readonly StoredRepeat[]): Promise<void> {
  if (repeats.length === 0) return;
  const column = <T>(of: (one: StoredRepeat) => T): T[] => repeats.map(of);
  await db.$executeRaw`
    INSERT INTO insight_repeat (scope_id, hour, endpoint, statement_id, instance, about)
    SELECT ${scopeId}::int, n.* FROM unnest(
      ${column(({ hourMs }) => new Date(hourMs))}::timestamptz[], ${column((one) => one.endpoint)}::text[],
      ${column((one) => one.statementId)}::text[], ${column((one) => one.instance)}::text[],
      ${column((one) => JSON.stringify(one.about))}::jsonb[]) AS n (hour, endpoint, statement_id, instance, about)
    ORDER BY 2, 3, 4, 5
    ON CONFLICT (scope_id, hour, endpoint, statement_id, instance) DO UPDATE SET about = excluded.about`;
}

/** The same for trials. */
export async function saveTrials(db: Connection, scopeId: number, trials: readonly StoredTrial[]): Promise<void> {
  if (trials.length === 0) return;
  const column = <T>(of: (one: StoredTrial) => T): T[] => trials.map(of);
  await db.$executeRaw`
    INSERT INTO insight_trial (scope_id, hour, trial, instance, about)
    SELECT ${scopeId}::int, n.* FROM unnest(
      ${column(({ hourMs }) => new Date(hourMs))}::timestamptz[], ${column((one) => one.trial)}::text[],
      ${column((one) => one.instance)}::text[], ${column((one) => JSON.stringify(one.about))}::jsonb[])
      AS n (hour, trial, instance, about)
    ORDER BY 2, 3, 4
    ON CONFLICT (scope_id, hour, trial, instance) DO UPDATE SET about = excluded.about`;
}

/** How many rows of a scope are kept of hours, by the hour's start. */
export async function countByHour(
  db: Connection,
  table: "insight_repeat" | "insight_trial",
  { scopeId, hoursMs }: { scopeId: number; hoursMs: readonly number[] },
): Promise<Map<number, number>> {
  const where = { scopeId, hour: { in: hoursMs.map((ms) => new Date(ms)) } };
  const rows =
    table === "insight_repeat"
      ? await db.insightRepeat.groupBy({ by: ["hour"], where, _count: true })
      : await db.insightTrial.groupBy({ by: ["hour"], where, _count: true });
  return new Map(rows.map(({ hour, _count }) => [hour.getTime(), _count]));
}

interface Span {
  fromMs: number;
  toMs: number;
  /** Most rows, the last hours first. */
  limit: number;
}

/** Repeats of a scope in hours that begin within a span, the last ones first. */
export async function repeatsIn(db: Reader, scopeId: number, { fromMs, toMs, limit }: Span): Promise<StoredRepeat[]> {
  return db.$queryRaw<StoredRepeat[]>`
    SELECT (extract(epoch FROM hour) * 1000)::float8 AS "hourMs", endpoint, statement_id AS "statementId", instance, about
    FROM insight_repeat
    WHERE scope_id = ${scopeId}::int AND hour >= ${new Date(fromMs)} AND hour < ${new Date(toMs)}
    ORDER BY hour DESC LIMIT ${limit}::int`;
}

export async function trialsIn(db: Reader, scopeId: number, { fromMs, toMs, limit }: Span): Promise<StoredTrial[]> {
  return db.$queryRaw<StoredTrial[]>`
    SELECT (extract(epoch FROM hour) * 1000)::float8 AS "hourMs", trial, instance, about FROM insight_trial
    WHERE scope_id = ${scopeId}::int AND hour >= ${new Date(fromMs)} AND hour < ${new Date(toMs)}
    ORDER BY hour DESC LIMIT ${limit}::int`;
}

/** Removes what is older. */
export async function deleteLoading(db: Connection, beforeMs: number): Promise<void> {
  const where = { hour: { lt: new Date(beforeMs) } };
  await db.insightRepeat.deleteMany({ where });
  await db.insightTrial.deleteMany({ where });
}
