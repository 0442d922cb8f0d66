import type { Dialect } from "../database/fingerprint.ts";
import type { Signal } from "./follow.ts";
import type { Blocking, Identity, Self, Session } from "./session.ts";

/** The guard's own connection. Each call is a statement of its own, outside of any transaction, and throws when that fails. */
export interface GuardDatabase {
  readonly dialect: Dialect;
  readonly self: Self;
  /** What the operator should know, in words: timeouts that are missing, and the SQL that sets them. */
  readonly notes: readonly string[];
  /** Whether this guard is the one that acts. It stays so for as long as the connection lives. */
  lead(name: string): Promise<boolean>;
  /** Statements of the guard's own role that have run for longer than this. */
  activity(overMs: number): Promise<Session[]>;
  /** Those of the processes that there are. */
  blocking(pids: readonly number[]): Promise<Blocking[]>;
  /** Signals if the very same statement still runs; false when it does not. */
  signal(signal: Signal, identity: Identity): Promise<boolean>;
  close(): Promise<void>;
}

/** The guard may not run like this, and waiting would not change it. The message says what to do. */
export class GuardRefused extends Error {
  override readonly name = "GuardRefused";
}

/** Its own connections' name. */
export const APPLICATION_NAME = "tailfill-guard";
/** No statement of the guard may load a database that has enough to do. */
export const STATEMENT_MS = 2_000;
/** A connection on which nothing comes for so long is lost. */
export const ANSWER_MS = 5_000;

/** What the guard tells a role to be. */
export const ROLE_ADVICE =
  "let the guard run as the app's own role, which may log in and use its own tables, and no more: tailfill's page on the query guard (docs/query-guard.md of its repository) has the SQL";
