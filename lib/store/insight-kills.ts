import type { KillAction, KillOutcome } from "../wire/index.ts";
import type { Connection } from "./db.ts";
import type { Reader } from "./snapshot.ts";
import { timeOfId } from "./prefill-decisions.ts";

/** How long what guards did is kept. */
export const KILLS_KEPT_SECONDS = 100 * 86_400;
/** Kept of one service and environment in 24 h: guards that go mad must not fill the disk. */
export const KILLS_A_DAY = 10_000;

/** What a guard did, would do, or left alone. */
export interface Kill {
  /** A UUID version 7 in lower case, whose time is the action's. */
  id: string;
  action: KillAction;
  pid: number;
  ageMs: number | null;
  applicationName: string | null;
  endpoint: string | null;
  op: string | null;
  statementId: string | null;
  reason: string;
  detail: string;
  rule: string;
  waitEvent: string | null;
  outcome: KillOutcome | null;
  afterMs: number | null;
}

/** Keeps kills. One told again is kept once, with the outcome as soon as there is one. None may be listed twice. */
export async function saveKills(db: Connection, scopeId: number, kills: readonly Kill[]): Promise<void> {
  if (kills.length === 0) return;
  const sorted = [...kills].sort((a, b) => (a.id < b.id ? -1 : 1)); // two reports must not wait for each other in a circle
  const column = <T>(of: (kill: Kill) => T): T[] => sorted.map(of);
  await db.$executeRaw`
    INSERT INTO insight_kill AS k (scope_id, at, id, action, pid, age_ms, application_name, endpoint, op, statement_id, reason,
      detail, rule, wait_event, outcome, after_ms)
    SELECT ${scopeId}::int, n.*
    FROM unnest(
      ${column(({ id }) => new Date(timeOfId(id)))}::timestamptz[], ${column((k) => k.id)}::uuid[],
      ${column((k) => k.action)}::text[], ${column((k) => k.pid)}::bigint[], ${column((k) => k.ageMs)}::bigint[],
      ${column((k) => k.applicationName)}::text[], ${column((k) => k.endpoint)}::text[], ${column((k) => k.op)}::text[],
      ${column((k) => k.statementId)}::text[], ${column((k) => k.reason)}::text[], ${column((k) => k.detail)}::text[],
      ${column((k) => k.rule)}::text[], ${column((k) => k.waitEvent)}::text[], ${column((k) => k.outcome)}::text[],
      ${column((k) => k.afterMs)}::bigint[])
      AS n (at, id, action, pid, age_ms, application_name, endpoint, op, statement_id, reason, detail, rule, wait_event,
        outcome, after_ms)
    ON CONFLICT (scope_id, at, id) DO UPDATE SET outcome = coalesce(k.outcome, excluded.outcome),
      after_ms = coalesce(k.after_ms, excluded.after_ms)`;
}

/** A stored kill, with its time and the text of its statement as far as it is known. */
export interface StoredKill extends Kill {
  atMs: number;
  statement: string | null;
}

/** Kills of a scope, newest first. */
export async function killsIn(
  db: Reader,
  scope: { id: number; serviceId: number },
  { fromMs, toMs, limit }: { fromMs: number; toMs: number; limit: number },
): Promise<StoredKill[]> {
  return db.$queryRaw<StoredKill[]>`
    SELECT k.id::text, (extract(epoch FROM k.at) * 1000)::float8 AS "atMs", k.action, k.pid::float8 AS pid,
      k.age_ms::float8 AS "ageMs", k.application_name AS "applicationName", k.endpoint, k.op, k.statement_id AS "statementId",
      s.text AS statement, k.reason, k.detail, k.rule, k.wait_event AS "waitEvent", k.outcome, k.after_ms::float8 AS "afterMs"
    FROM insight_kill k
      LEFT JOIN insight_statement s ON s.service_id = ${scope.serviceId}::int AND s.id = k.statement_id
    WHERE k.scope_id = ${scope.id}::int AND k.at >= ${new Date(fromMs)} AND k.at < ${new Date(toMs)}
    ORDER BY k.at DESC, k.id DESC LIMIT ${limit}::int`;
}

/** Whether a guard ever told of anything. */
export async function hasKills(db: Reader, scopeId: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM insight_kill WHERE scope_id = ${scopeId}::int) AS known`;
  return row?.known ?? false;
}

/** How many were kept of a scope since. */
export async function countKills(db: Connection, scopeId: number, sinceMs: number): Promise<number> {
  return db.insightKill.count({ where: { scopeId, at: { gt: new Date(sinceMs) } } });
}

/** Removes what is older. */
export async function deleteKills(db: Connection, beforeMs: number): Promise<void> {
  await db.insightKill.deleteMany({ where: { at: { lt: new Date(beforeMs) } } });
}
