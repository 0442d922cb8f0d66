import type { Outcome } from "../wire/index.ts";
import type { Connection } from "./db.ts";
import { timeOfId } from "./prefill-decisions.ts";
import type { Reader } from "./snapshot.ts";

/** How long single requests are kept. */
export const REQUESTS_KEPT_SECONDS = 35 * 86_400;
/** Kept of an endpoint for each hour, instances together: the slowest. */
const KEPT_OF_ENDPOINT = 20;
/** Kept of one service and environment for each hour, whatever endpoints it names. */
export const REQUESTS_AN_HOUR = 20_000;
const HOUR_MS = 3_600_000;

/** What a request's time went to. */
export interface RequestAbout {
  traceId: string | null;
  outcome: Outcome;
  /** How long at least one of its statements was on its way. */
  databaseUs: number;
  statements: number;
  /** Those that took most time. */
  slowest: { statementId: string; count: number; durationUs: number }[];
}

/** One of the slowest requests of an endpoint and hour. */
export interface SlowRequest {
  /** A UUID version 7 in lower case, whose time is the request's end. */
  id: string;
  endpoint: string;
  user: string | null;
  latencyUs: number;
  about: RequestAbout;
}

export const hourOfRequest = (id: string): number => Math.floor(timeOfId(id) / HOUR_MS) * HOUR_MS;

/** Keeps requests, and of each endpoint and hour the slowest of all that came so far. One told again changes nothing. */
export async function saveRequests(db: Connection, scopeId: number, requests: readonly SlowRequest[]): Promise<void> {
  if (requests.length === 0) return;
  const data = requests.map(({ id, endpoint, user, latencyUs, about }) => ({
    scopeId,
    hour: new Date(hourOfRequest(id)),
    endpoint,
    id,
    at: new Date(timeOfId(id)),
    userId: user,
    latencyUs: BigInt(latencyUs),
    about: { ...about },
  }));
  await db.insightRequest.createMany({ data, skipDuplicates: true });
  await db.$executeRaw`
    DELETE FROM insight_request r USING (
      SELECT hour, endpoint, id, row_number() OVER (PARTITION BY hour, endpoint ORDER BY latency_us DESC, id) AS place
      FROM insight_request
      WHERE scope_id = ${scopeId}::int AND hour = ANY(${data.map(({ hour }) => hour)}::timestamptz[])
        AND endpoint = ANY(${data.map(({ endpoint }) => endpoint)}::text[])) o
    WHERE o.place > ${KEPT_OF_ENDPOINT}::int AND r.scope_id = ${scopeId}::int AND r.hour = o.hour
      AND r.endpoint = o.endpoint AND r.id = o.id`;
}

/** How many of a scope are kept, by the hour's start. */
export async function countRequests(
  db: Connection,
  { scopeId, hoursMs }: { scopeId: number; hoursMs: readonly number[] },
): Promise<Map<number, number>> {
  const where = { scopeId, hour: { in: hoursMs.map((ms) => new Date(ms)) } };
  const rows = await db.insightRequest.groupBy({ by: ["hour"], where, _count: true });
  return new Map(rows.map(({ hour, _count }) => [hour.getTime(), _count]));
}

export interface StoredRequest extends SlowRequest {
  atMs: number;
}

/** The slowest requests of a scope that ended within a span; of one endpoint or user, when named. */
export async function requestsIn(
  db: Reader,
  scopeId: number,
  ask: { fromMs: number; toMs: number; limit: number; endpoint?: string | undefined; user?: string | undefined },
): Promise<StoredRequest[]> {
  const [from, to] = [new Date(ask.fromMs), new Date(ask.toMs)];
  const [endpoint, user] = [ask.endpoint ?? null, ask.user ?? null];
  return db.$queryRaw<StoredRequest[]>`
    SELECT id::text, endpoint, user_id AS "user", latency_us::float8 AS "latencyUs", about,
      (extract(epoch FROM at) * 1000)::float8 AS "atMs"
    FROM insight_request
    WHERE scope_id = ${scopeId}::int AND hour > ${new Date(ask.fromMs - HOUR_MS)} AND hour < ${to} AND at >= ${from} AND at < ${to}
      AND (${endpoint}::text IS NULL OR endpoint = ${endpoint}) AND (${user}::text IS NULL OR user_id = ${user})
    ORDER BY latency_us DESC, id LIMIT ${ask.limit}::int`;
}

/** Removes what is older. */
export async function deleteRequests(db: Connection, beforeMs: number): Promise<void> {
  await db.insightRequest.deleteMany({ where: { hour: { lt: new Date(beforeMs) } } });
}
