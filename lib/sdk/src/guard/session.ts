/**
 * Tells one statement from all others of its connection. Times are the database's own text: a `Date` has no microseconds, and
 * would match nothing.
 */
export interface Identity {
  pid: number;
  backendStart: string;
  queryStart: string;
}

/** One line of the database's activity, as plain data. */
export interface Session extends Identity {
  role: string | null;
  database: string | null;
  /** `client backend`, or what else PostgreSQL runs; null where the role may not see it. */
  backendType: string | null;
  state: string | null;
  /** Null where the database does not tell it. */
  applicationName: string | null;
  /** By the database's clock, since the statement began. */
  ageMs: number;
  text: string;
  /** Whether `text` is only the beginning. */
  isCut: boolean;
  /** What it waits for, as `Lock:transactionid`. */
  waitEvent: string | null;
  waitsForLock: boolean;
  /** Whether its transaction has written. */
  hasWritten: boolean;
  /** Whether it holds an advisory lock, as migrations do. */
  hasAdvisoryLock: boolean;
  /** Whether the database reports progress of upkeep for it: an index, a vacuum. */
  isUpkeep: boolean;
  /** Who holds what it waits for; 0 is a prepared transaction. */
  blockedBy: number[];
}

/** What is shown of a session that others wait for; null where the role may not see it. */
export interface Blocking {
  pid: number;
  backendStart: string | null;
  applicationName: string | null;
  state: string | null;
  text: string | null;
  /** Since its transaction began. */
  ageMs: number | null;
}

/** Who the guard itself is. */
export interface Self {
  pid: number;
  role: string;
  database: string;
}

/** One name for one statement, to remember it by. */
export function keyOf({ pid, backendStart, queryStart }: Identity): string {
  return JSON.stringify([pid, backendStart, queryStart]);
}
