import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";

/** What is kept of a rule's series. Times are Unix ms; what states and verdicts there are is known above. */
export interface SeriesRow {
  ruleId: string;
  series: string;
  about: unknown;
  state: string;
  verdict: string;
  observed: unknown;
  why: string | null;
  activeAtMs: number | null;
  firedAtMs: number | null;
  keepUntilMs: number | null;
  evaluatedAtMs: number | null;
  missing: number;
  failures: number;
  resolvedAtsMs: readonly number[];
  incidentId: string | null;
}

const ms = (column: string) => Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

/** The series of some rules, of all without. */
export async function readSeries(db: Connection, ruleIds?: readonly string[]): Promise<SeriesRow[]> {
  const which = ruleIds === undefined ? Prisma.sql`TRUE` : Prisma.sql`rule_id = ANY(${[...ruleIds]}::uuid[])`;
  const rows = await db.$queryRaw<SeriesRow[]>`
    SELECT rule_id::text AS "ruleId", series, about, state, verdict, observed, why, ${ms("active_at")} AS "activeAtMs",
      ${ms("fired_at")} AS "firedAtMs", ${ms("keep_until")} AS "keepUntilMs", ${ms("evaluated_at")} AS "evaluatedAtMs", missing,
      failures, coalesce((SELECT array_agg(${ms("r")} ORDER BY r) FROM unnest(resolved_ats) r), '{}') AS "resolvedAtsMs",
      incident_id::text AS "incidentId"
    FROM alert_series WHERE ${which} ORDER BY rule_id, series`;
  return rows;
}

export type SeriesState = Pick<SeriesRow, "ruleId" | "about" | "state">;

/** What every series is about, and how it is. */
export async function readSeriesStates(db: Connection): Promise<SeriesState[]> {
  return db.alertSeries.findMany({ select: { ruleId: true, about: true, state: true } });
}

const AT_ONCE = 2_000;

/** Writes series as they are now. No series may be listed twice. */
export async function writeSeries(db: Connection, rows: readonly SeriesRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) await write(db, rows.slice(from, from + AT_ONCE));
}

async function write(db: Connection, rows: readonly SeriesRow[]): Promise<void> {
  const column = <T>(of: (row: SeriesRow) => T) => rows.map(of);
  const time = (of: (row: SeriesRow) => number | null) => rows.map((row) => dateOf(of(row)));
  const json = (of: (row: SeriesRow) => unknown) => rows.map((row) => textOf(of(row)));
  // PostgreSQL's arrays of arrays have to be rectangular: the times of each row travel as one text.
  await db.$executeRaw`
    INSERT INTO alert_series AS s (rule_id, series, about, state, verdict, observed, why, active_at, fired_at, keep_until,
      evaluated_at, missing, failures, resolved_ats, incident_id)
    SELECT n.rule_id, n.series, n.about::jsonb, n.state, n.verdict, n.observed::jsonb, n.why, n.active_at, n.fired_at, n.keep_until,
      n.evaluated_at, n.missing, n.failures, string_to_array(n.resolved, ',')::timestamptz[], n.incident_id
    FROM unnest(${column((r) => r.ruleId)}::uuid[], ${column((r) => r.series)}::text[], ${json((r) => r.about)}::text[],
      ${column((r) => r.state)}::text[], ${column((r) => r.verdict)}::text[], ${json((r) => r.observed)}::text[],
      ${column((r) => r.why)}::text[], ${time((r) => r.activeAtMs)}::timestamptz[], ${time((r) => r.firedAtMs)}::timestamptz[],
      ${time((r) => r.keepUntilMs)}::timestamptz[], ${time((r) => r.evaluatedAtMs)}::timestamptz[],
      ${column((r) => r.missing)}::int[], ${column((r) => r.failures)}::int[],
      ${column((r) => r.resolvedAtsMs.map((at) => new Date(at).toISOString()).join(","))}::text[],
      ${column((r) => r.incidentId)}::uuid[])
      AS n (rule_id, series, about, state, verdict, observed, why, active_at, fired_at, keep_until, evaluated_at, missing, failures,
        resolved, incident_id)
    ORDER BY 1, 2
    ON CONFLICT (rule_id, series) DO UPDATE SET about = excluded.about, state = excluded.state, verdict = excluded.verdict,
      observed = excluded.observed, why = excluded.why, active_at = excluded.active_at, fired_at = excluded.fired_at,
      keep_until = excluded.keep_until, evaluated_at = excluded.evaluated_at, missing = excluded.missing,
      failures = excluded.failures, resolved_ats = excluded.resolved_ats, incident_id = excluded.incident_id`;
}

const dateOf = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));
const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

/** Forgets series. */
export async function deleteSeries(db: Connection, rows: readonly { ruleId: string; series: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    DELETE FROM alert_series WHERE (rule_id, series) IN
      (SELECT * FROM unnest(${rows.map((r) => r.ruleId)}::uuid[], ${rows.map((r) => r.series)}::text[]))`;
}
