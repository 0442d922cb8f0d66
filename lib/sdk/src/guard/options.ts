import type { Client } from "../client-type.ts";
import type { PolicyOptions } from "./policy.ts";
import type { GuardOutcome, GuardRecord } from "./record.ts";

export interface GuardOptions extends PolicyOptions {
  /** `postgresql://…`, `mysql://…` or `mariadb://…`, with the app's own role. Not a pooler's address. */
  databaseUrl: string;
  /**
   * By what the server is told of everything it does, a signal before it is sent. Default: the client of this process, when there is
   * one.
   */
  client?: Client;
  /**
   * Awaited before each signal (`cancel`, `terminate`). When it throws, the statement is left alone: nothing is stopped that is not
   * recorded.
   */
  onKill?: (record: GuardRecord) => unknown;
  /** Told of what came of each signal. */
  onOutcome?: (outcome: GuardOutcome) => unknown;
  /** Told of what is not signalled: `would_cancel`, `spare`, `blocker`. Each once a statement. */
  onReport?: (record: GuardRecord) => unknown;
  /** Told in words how the guard itself fares: that it leads, that it waits for another one, what timeouts are missing. */
  onNote?: (note: string) => unknown;
  /** Told of errors: the database is away, a hook threw. The guard goes on by itself. */
  onError?: (error: Error) => unknown;
}

export interface GuardStats {
  /** Whether it is connected, and the one guard that acts. */
  isLeading: boolean;
  /** Looks at the database. */
  rounds: number;
  cancelled: number;
  terminated: number;
  /** Signals that were not sent, because the statement was over. */
  gone: number;
  wouldCancel: number;
  spared: number;
  blockers: number;
  /** Connections that were lost, or not made. */
  losses: number;
}

export interface Guard {
  /** Resolves after the first look at the database, or when another guard leads; rejects when the guard could not start. It tries again by itself, unless it is refused. */
  readonly ready: Promise<void>;
  stats(): GuardStats;
  /** Ends it, after the signal that is under way. Takes 2 s at most. */
  stop(): Promise<void>;
}
