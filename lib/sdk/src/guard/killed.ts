import { stoppedOf, type Stopped } from "../database/stopped.ts";
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
    { cause, stopped }: { cause: unknown; stopped?: Stopped | undefined },
  ) {
    super(stopped === undefined ? messageFor(code, by, record) : stoppedMessage(code, stopped), { cause });
    this.endpoint = stopped?.endpoint ?? record?.endpoint ?? null;
    this.budgetMs = stopped?.budgetMs ?? null;
  }
}

/** Of these the database itself says that a limit of its own was reached: `max_statement_time`, `max_execution_time`. */
const TIMEOUTS = new Set(["1969", "3024"]);
const CODES = new Set(["57014", "57P01", "1317", ...TIMEOUTS]);
/** PostgreSQL gives 57014 to both; the words are the server's language, so other words say nothing. */
const TIMEOUT_WORDS = /statement timeout/;

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
  const found = codeIn(error);
  if (found === undefined) return undefined;
  const { stopped } = found;
  if (stopped !== undefined) return new QueryKilledError(found.code, stopped.by, null, { cause: error, stopped });
  const kills = recent(killLog().kills, nowMs);
  const kill = kills.findLast(({ record }) => record.pid === pid);
  const by = whoDid(found, kill, pid, kills);
  return new QueryKilledError(found.code, by, by === "guard" ? (kill?.record ?? null) : null, { cause: error });
}

function whoDid(
  { code, message }: Found,
  kill: Kill | undefined,
  pid: number | undefined,
  kills: readonly Kill[],
): KilledBy {
  if (TIMEOUTS.has(code) || TIMEOUT_WORDS.test(message)) return "timeout";
  if (kill !== undefined) return "guard";
  if (killLog().guards === 0) return "unknown";
  return pid !== undefined || kills.length === 0 ? "other" : "unknown";
}

interface Found {
  code: string;
  message: string;
  /** Why this process has stopped it. */
  stopped: Stopped | undefined;
}

/** Prisma wraps the driver's error, and apps wrap Prisma's. */
const DEEPEST = 6;

function codeIn(error: unknown, depth = 0, outer?: Stopped): Found | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const stopped = outer ?? stoppedOf(error);
  const fields = error as Record<string, unknown>;
  const code = [fields["code"], fields["errno"], fields["originalCode"]].map(String).find((text) => CODES.has(text));
  if (code !== undefined)
    return { code, message: [fields["message"], fields["originalMessage"]].map(String).join(" "), stopped };
  const inner = [fields["meta"], fields["driverAdapterError"], fields["cause"]];
  for (const each of inner) {
    const found = codeIn(each, depth + 1, stopped);
    if (found !== undefined) return found;
  }
  return undefined;
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
