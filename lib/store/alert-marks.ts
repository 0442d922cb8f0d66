import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";

/** A time in which a series fired. */
export interface MarkRow {
  incidentId: string;
  ruleName: string;
  severity: string;
  about: unknown;
  firedAtMs: number;
  resolvedAtMs: number | null;
}

export interface MarkWish {
  fromMs: number;
  toMs: number;
  endpointId?: number | undefined;
  user?: string | undefined;
  ruleId?: string | undefined;
  incidentId?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  limit: number;
}

/**
 * What fired in a range, the first first: of an endpoint, a user, a rule or an incident. With none of these what is about whole services. Incidents
 * are found by when they opened, their members by their incident: no table is read whole.
 */
export async function marksIn(db: Connection, wish: MarkWish): Promise<MarkRow[]> {
  return db.$queryRaw<MarkRow[]>`
    SELECT i.id::text AS "incidentId", i.rule_name AS "ruleName", i.severity, m.about,
      (extract(epoch FROM t.fired_at) * 1000)::float8 AS "firedAtMs", (extract(epoch FROM t.resolved_at) * 1000)::float8 AS "resolvedAtMs"
    FROM alert_incident i JOIN alert_member m ON m.incident_id = i.id
      CROSS JOIN LATERAL (SELECT m.fired_at, m.resolved_at UNION ALL SELECT s.fired_at, s.resolved_at FROM alert_span s
        WHERE s.incident_id = m.incident_id AND s.rule_id = m.rule_id AND s.series = m.series) t
    WHERE i.opened_at < ${new Date(wish.toMs)} AND (i.resolved_at IS NULL OR i.resolved_at > ${new Date(wish.fromMs)})
      AND t.fired_at < ${new Date(wish.toMs)} AND (t.resolved_at IS NULL OR t.resolved_at > ${new Date(wish.fromMs)})
      AND ${Prisma.join(conditions(wish), " AND ")}
    ORDER BY t.fired_at LIMIT ${wish.limit}::int`;
}

/** Open incidents with the endpoints that fire in each; an incident of none has one row without. Muted members are left out. */
export async function firingNow(
  db: Connection,
): Promise<{ incidentId: string; ruleName: string; endpointId: number | null }[]> {
  return db.$queryRaw`
    SELECT DISTINCT ON (i.id, m.about ->> 'endpointId') i.id::text AS "incidentId", i.rule_name AS "ruleName",
      CASE WHEN m.about ? 'method' THEN (m.about ->> 'endpointId')::int END AS "endpointId"
    FROM alert_incident i JOIN alert_member m ON m.incident_id = i.id AND m.resolved_at IS NULL AND m.muted_by IS NULL
    WHERE i.resolved_at IS NULL`;
}

function conditions({ endpointId, user, ruleId, incidentId, service, environment }: MarkWish): Prisma.Sql[] {
  const about = [
    ...(endpointId === undefined ? [] : [Prisma.sql`(m.about ->> 'endpointId')::int = ${endpointId}::int`]),
    ...(user === undefined ? [] : [Prisma.sql`m.about ->> 'user' = ${user}`]),
    ...(ruleId === undefined ? [] : [Prisma.sql`m.rule_id = ${ruleId}::uuid`]),
    ...(incidentId === undefined ? [] : [Prisma.sql`m.incident_id = ${incidentId}::uuid`]),
  ];
  const whole = Prisma.sql`m.about ->> 'method' IS NULL AND m.about ->> 'user' IS NULL`;
  return [
    ...(about.length === 0 ? [whole] : about),
    ...(service === undefined ? [] : [Prisma.sql`i.service = ${service}`]),
    ...(environment === undefined ? [] : [Prisma.sql`i.environment = ${environment}`]),
  ];
}
