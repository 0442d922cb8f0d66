import type { StoppedBy } from "../wire/index.ts";
import type { Connection } from "./db.ts";
import { timeOfId } from "./prefill-decisions.ts";
import type { Reader } from "./snapshot.ts";

/** How long statements that were stopped are kept. */
export const STOPS_KEPT_SECONDS = 100 * 86_400;
/** Kept of one service and environment in 24 h: a database that is shut down stops thousands. */
export const STOPS_A_DAY = 10_000;

/** A statement that was stopped while it ran, and whose request it was. */
export interface Stop {
  /** A UUID version 7 in lower case, whose time is the statement's end. */
  id: string;
  by: StoppedBy;
  code: string;
  pid: number | null;
  endpoint: string | null;
  statementId: string | null;
  user: string | null;
  traceId: string | null;
  durationUs: number;
  budgetMs: number | null;
}

/** Keeps stops; one told again changes nothing. */
export async function saveStops(db: Connection, scopeId: number, stops: readonly Stop[]): Promise<void> {
  const data = stops.map(({ user, durationUs, pid, budgetMs, ...stop }) => ({
    ...stop,
    scopeId,
    at: new Date(timeOfId(stop.id)),
    userId: user,
    durationUs: BigInt(durationUs),
    pid: pid === null ? null : BigInt(pid),
    budgetMs: budgetMs === null ? null : BigInt(budgetMs),
  }));
  await db.insightStop.createMany({ data, skipDuplicates: true });
}

/** A stored stop, with its time and the text of its statement as far as it is known. */
export interface StoredStop extends Stop {
  atMs: number;
  statement: string | null;
}

/** Stops of a scope, newest first. */
export async function stopsIn(
  db: Reader,
  scope: { id: number; serviceId: number },
  { fromMs, toMs, limit }: { fromMs: number; toMs: number; limit: number },
): Promise<StoredStop[]> {
  return db.$queryRaw<StoredStop[]>`
    SELECT s.id::text, (extract(epoch FROM s.at) * 1000)::float8 AS "atMs", s.by, s.code, s.pid::float8 AS pid, s.endpoint,
      s.statement_id AS "statementId", t.text AS statement, s.user_id AS "user", s.trace_id AS "traceId",
      s.duration_us::float8 AS "durationUs", s.budget_ms::float8 AS "budgetMs"
    FROM insight_stop s
      LEFT JOIN insight_statement t ON t.service_id = ${scope.serviceId}::int AND t.id = s.statement_id
    WHERE s.scope_id = ${scope.id}::int AND s.at >= ${new Date(fromMs)} AND s.at < ${new Date(toMs)}
    ORDER BY s.at DESC, s.id DESC LIMIT ${limit}::int`;
}

/** Whether an app ever told of one. */
export async function hasStops(db: Reader, scopeId: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM insight_stop WHERE scope_id = ${scopeId}::int) AS known`;
  return row?.known ?? false;
}

/** How many were kept of a scope since. */
export async function countStops(db: Connection, scopeId: number, sinceMs: number): Promise<number> {
  return db.insightStop.count({ where: { scopeId, at: { gt: new Date(sinceMs) } } });
}

/** Removes what is older. */
export async function deleteStops(db: Connection, beforeMs: number): Promise<void> {
  await db.insightStop.deleteMany({ where: { at: { lt: new Date(beforeMs) } } });
}
