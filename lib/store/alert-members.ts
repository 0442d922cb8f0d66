import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";

/** A series in an incident. */
export interface MemberRow {
  incidentId: string;
  ruleId: string;
  series: string;
  about: unknown;
  observed: unknown;
  firedAtMs: number;
  resolvedAtMs: number | null;
  /** Why it resolved. */
  reason: string | null;
  /** What mutes it, in words; `null`: nothing. */
  mutedBy: string | null;
  /** Well again, and not yet for long enough. */
  recovering: boolean;
}

export async function readMembers(db: Connection, incidentIds: readonly string[]): Promise<MemberRow[]> {
  if (incidentIds.length === 0) return [];
  return db.$queryRaw<MemberRow[]>`
    SELECT incident_id::text AS "incidentId", rule_id::text AS "ruleId", series, about, observed,
      (extract(epoch FROM fired_at) * 1000)::float8 AS "firedAtMs", (extract(epoch FROM resolved_at) * 1000)::float8 AS "resolvedAtMs",
      reason, muted_by AS "mutedBy", recovering
    FROM alert_member WHERE incident_id = ANY(${[...incidentIds]}::uuid[]) ORDER BY fired_at, rule_id, series`;
}

/** Of those that fire, some may be muted, and some recovering. */
export interface MemberCounts {
  firing: number;
  recovering: number;
  muted: number;
  resolved: number;
}

/** How many members each incident has: a list of incidents may have a thousand of each. */
export async function countMembers(db: Connection, incidentIds: readonly string[]): Promise<Map<string, MemberCounts>> {
  const rows = await db.$queryRaw<(MemberCounts & { id: string })[]>`
    SELECT incident_id::text AS id, count(*) FILTER (WHERE resolved_at IS NULL)::int AS firing,
      count(*) FILTER (WHERE resolved_at IS NULL AND recovering)::int AS recovering,
      count(*) FILTER (WHERE resolved_at IS NULL AND muted_by IS NOT NULL)::int AS muted,
      count(*) FILTER (WHERE resolved_at IS NOT NULL)::int AS resolved
    FROM alert_member WHERE incident_id = ANY(${[...incidentIds]}::uuid[]) GROUP BY 1`;
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

const AT_ONCE = 2_000;

/** Writes members as they are now. None may be listed twice. */
export async function writeMembers(db: Connection, rows: readonly MemberRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) await write(db, rows.slice(from, from + AT_ONCE));
}

async function write(db: Connection, rows: readonly MemberRow[]): Promise<void> {
  const column = <T>(of: (row: MemberRow) => T) => rows.map(of);
  const time = (atMs: number | null) => (atMs === null ? null : new Date(atMs));
  await db.$executeRaw`
    INSERT INTO alert_member (incident_id, rule_id, series, about, observed, fired_at, resolved_at, reason, muted_by,
      recovering)
    SELECT n.incident_id, n.rule_id, n.series, n.about::jsonb, n.observed::jsonb, n.fired_at, n.resolved_at, n.reason, n.muted_by,
      n.recovering
    FROM unnest(${column((r) => r.incidentId)}::uuid[], ${column((r) => r.ruleId)}::uuid[], ${column((r) => r.series)}::text[],
      ${column((r) => JSON.stringify(r.about))}::text[], ${column((r) => (r.observed === null ? null : JSON.stringify(r.observed)))}::text[],
      ${column((r) => new Date(r.firedAtMs))}::timestamptz[], ${column((r) => time(r.resolvedAtMs))}::timestamptz[],
      ${column((r) => r.reason)}::text[], ${column((r) => r.mutedBy)}::text[],
      ${column((r) => r.recovering)}::boolean[])
      AS n (incident_id, rule_id, series, about, observed, fired_at, resolved_at, reason, muted_by, recovering)
    ON CONFLICT (incident_id, rule_id, series) DO UPDATE SET about = excluded.about, observed = excluded.observed,
      fired_at = excluded.fired_at, resolved_at = excluded.resolved_at, reason = excluded.reason, muted_by = excluded.muted_by,
      recovering = excluded.recovering`;
}

/** Keeps the times of members that fire again. */
export async function writeSpans(db: Connection, rows: readonly MemberRow[]): Promise<void> {
  const data = rows.map(({ incidentId, ruleId, series, firedAtMs, resolvedAtMs }) => {
    return {
      incidentId,
      ruleId,
      series,
      firedAt: new Date(firedAtMs),
      resolvedAt: new Date(resolvedAtMs ?? firedAtMs),
    };
  });
  for (let from = 0; from < data.length; from += AT_ONCE)
    await db.alertSpan.createMany({ data: data.slice(from, from + AT_ONCE), skipDuplicates: true });
}

/** What happened in an incident, for people to read. */
export interface TimelineRow {
  incidentId: string;
  atMs: number;
  kind: string;
  detail: unknown;
}

/** Adds to timelines, in the order given. */
export async function addToTimeline(db: Connection, rows: readonly TimelineRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    await db.$executeRaw`
      INSERT INTO alert_timeline (incident_id, at, kind, detail)
      SELECT n.incident_id, n.at, n.kind, n.detail::jsonb
      FROM unnest(${some.map((r) => r.incidentId)}::uuid[], ${some.map((r) => new Date(r.atMs))}::timestamptz[],
        ${some.map((r) => r.kind)}::text[], ${some.map((r) => JSON.stringify(r.detail))}::text[])
        WITH ORDINALITY AS n (incident_id, at, kind, detail, place)
      ORDER BY n.place`;
  }
}

/** The timeline of an incident, the first first, of so many lines the last. */
export async function timelineOf(db: Connection, incidentId: string, most: number): Promise<TimelineRow[]> {
  const rows = await db.$queryRaw<TimelineRow[]>(Prisma.sql`
    SELECT incident_id::text AS "incidentId", (extract(epoch FROM at) * 1000)::float8 AS "atMs", kind, detail
    FROM (SELECT * FROM alert_timeline WHERE incident_id = ${incidentId}::uuid ORDER BY id DESC LIMIT ${most}::int) AS last
    ORDER BY id`);
  return rows;
}
