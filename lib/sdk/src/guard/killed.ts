import { type Stopped } from "../database/stopped.ts";
import { isTimeout, stopIn, type Stop } from "../database/stop-codes.ts";
import { killLog, recent, type Kill } from "./kill-log.ts";
import type { GuardRecord } from "./record.ts";

/**
 * Who ended a statement. `guard`: one in this process, whose record is there. `timeout`: a limit of the database, or the endpoint's
 * budget. `abort`: the wrapper of this process, since nobody waited for the response any more. `other`: not a guard
 * of this process. `unknown`: the database gives one code to all of them, and nothing here tells them apart.
 */
export type KilledBy = "guard" | "timeout" | "abort" | "other" | "unknown";

/** A statement that was stopped while it ran. What its transaction did before is rolled back; it is not to be tried again as it is. */
export class QueryKilledError extends Error {
  override readonly name = "QueryKilledError";
  /** Where the statement came from, as `GET /report`; null when that is not known here. */
  readonly endpoint: string | null;
  /** The endpoint's budget, when that was reached, in milliseconds. */
  readonly budgetMs: number | null;

  constructor(
    /** The database's own: `57014` and `57P01` of PostgreSQL, `1317` and `1969` of MariaDB, `3024` of MySQL. */
    readonly code: string,
    readonly by: KilledBy,
    /** The guard's record, when it is known to be this one's. */
    readonly record: GuardRecord | null,
    { cause, stopped, endpoint = null }: { cause: unknown; stopped?: Stopped | undefined; endpoint?: string | null },
  ) {
    super(stopped === undefined ? messageFor(code, by, record) : stoppedMessage(code, stopped), { cause });
    this.endpoint = stopped?.endpoint ?? record?.endpoint ?? endpoint;
    this.budgetMs = stopped?.budgetMs ?? null;
  }
}

/**
 * What an error of `pg`, `mysql2`, `mariadb` or Prisma (7: P2010, P2039) says about a statement that was stopped; undefined for
 * any other error. Throw what it gives, so that the app knows one error instead of many.
 * @param pid the connection's process id (`processID` of a client of `pg`, `threadId` of `mysql2`). Without it two connections cannot be told apart
 */
export function wasKilled(
  error: unknown,
  { pid, nowMs = Date.now() }: { pid?: number; nowMs?: number } = {},
): QueryKilledError | undefined {
  if (error instanceof QueryKilledError) return error;
  const found = stopIn(error);
  if (found === undefined) return undefined;
  const { stopped } = found;
  if (stopped !== undefined) return new QueryKilledError(found.code, stopped.by, null, { cause: error, stopped });
  const kills = recent(killLog().kills, nowMs);
  const kill = kills.findLast(({ record }) => record.pid === pid);
  const by = whoDid(found, kill, pid, kills);
  return new QueryKilledError(found.code, by, by === "guard" ? (kill?.record ?? null) : null, {
    cause: error,
    endpoint: found.endpoint ?? null,
  });
}

function whoDid(found: Stop, kill: Kill | undefined, pid: number | undefined, kills: readonly Kill[]): KilledBy {
  if (isTimeout(found)) return "timeout";
  if (kill !== undefined) return "guard";
  if (killLog().guards === 0) return "unknown";
  return pid !== undefined || kills.length === 0 ? "other" : "unknown";
}

function stoppedMessage(code: string, { by, endpoint = "no endpoint", budgetMs }: Stopped): string {
  if (by === "timeout")
    return `this statement ran for longer than the ${budgetMs} ms that ${endpoint} has for one (${code})`;
  return `this statement was cancelled: the response of ${endpoint} had closed before its end (${code})`;
}

function messageFor(code: string, by: KilledBy, record: GuardRecord | null): string {
  if (record !== null)
    return `the query guard stopped this statement after ${record.ageMs} ms (${record.rule}, ${record.endpoint ?? "no endpoint"})`;
  if (by === "timeout") return `a timeout of the database stopped this statement (${code})`;
  const who = by === "other" ? "not by the guard of this process" : "by a guard, a timeout or a person";
  return `this statement was stopped, ${who} (${code})`;
}
