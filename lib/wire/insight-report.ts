import type { RepeatReport, TrialReport } from "./loading-report.ts";
import type { Outcome } from "./names.ts";

/**
 * What an app or a guard tells of its databases besides histograms, by `POST /api/v1/insight/report`: JSON, identity or gzip, at
 * most 1 MiB on the wire. Each entry stands for itself: a bad one is refused alone. Entries may come more than once, and
 * later ones of the same name replace earlier ones, so that what is told again after a fault changes nothing. Answered as a batch is:
 * `{"accepted":n,"rejected":[{"path","reason"}]}`.
 */
export interface InsightReport extends Partial<InsightSections> {
  v: 1;
  service: string;
  environment: string;
  instance: string;
}

/** The sections of a report, each a list. */
export interface InsightSections {
  statements: StatementText[];
  kills: KillReport[];
  repeats: RepeatReport[];
  trials: TrialReport[];
  stops: StopReport[];
  requests: RequestReport[];
}

export type InsightSection = keyof InsightSections;

/** What the statement of an id is. Told when it is first seen, and again from time to time. */
export interface StatementText {
  /** 16 hex digits: the beginning of the SHA-256 of the fingerprint. */
  id: string;
  /** The fingerprint: the statement without its values, at most `LONGEST_STATEMENT` characters of it. */
  text: string;
}

/** What a query guard did, would do, or left alone: told before the signal, and again with what came of it. */
export interface KillReport {
  /** A UUID version 7, in lower case, whose time is the action's. */
  id: string;
  action: KillAction;
  /** Process id, or connection id, at the database. */
  pid: number;
  /** Of the statement; of a blocker, of its transaction. Null where the role may not see it. */
  ageMs: number | null;
  applicationName: string | null;
  /** As in the statement's comment, `GET /users/:id`. */
  endpoint: string | null;
  op: string | null;
  /** The fingerprint. */
  statement: string | null;
  /** From the guard's closed list. */
  reason: string;
  /** The reason in words. */
  detail: string;
  rule: string;
  waitEvent: string | null;
  /** Null until it is known. */
  outcome: KillOutcome | null;
  /** From the signal to its outcome. */
  afterMs: number | null;
}

export const KILL_ACTIONS = ["would_cancel", "cancel", "terminate", "spare", "blocker"] as const;
export type KillAction = (typeof KILL_ACTIONS)[number];

/** See `GuardOutcome` of the SDK's guard. */
export const KILL_OUTCOMES = ["ended", "gone", "still_running"] as const;
export type KillOutcome = (typeof KILL_OUTCOMES)[number];

/** Whose request it was. */
interface Asked {
  /** As in batches, so sealed where ids are; null where the app names none. */
  user: string | null;
  /** Of the request's `traceparent`, 32 hex digits. */
  traceId: string | null;
}

/** A statement that was stopped while it ran, as the app has seen it end. */
export interface StopReport extends Asked {
  /** A UUID version 7, in lower case, whose time is the statement's end. */
  id: string;
  by: StoppedBy;
  /** The database's own: `57014` and `57P01` of PostgreSQL, `1317` and `1969` of MariaDB, `3024` of MySQL. */
  code: string;
  /** Of its connection, where the driver tells. */
  pid: number | null;
  /** `GET /users/:id`, or `JOB` and its name. */
  endpoint: string | null;
  /** The fingerprint. */
  statement: string | null;
  durationUs: number;
  /** The endpoint's budget, when that was reached. */
  budgetMs: number | null;
}

/** `timeout`: a budget of the endpoint, or a limit of the database. `abort`: the client had left. `other`: a guard, a person, a shutdown. */
export const STOPPED_BY = ["timeout", "abort", "other"] as const;
export type StoppedBy = (typeof STOPPED_BY)[number];

/** One of the slowest requests of an endpoint in an hour, and what its time went to. */
export interface RequestReport extends Asked {
  /** A UUID version 7, in lower case, whose time is the request's end. */
  id: string;
  endpoint: string;
  outcome: Outcome;
  latencyUs: number;
  /** How long at least one of its statements was on its way. */
  databaseUs: number;
  /** How many there were. */
  statements: number;
  /** Those that took most time. */
  slowest: { statement: string; count: number; durationUs: number }[];
}

/** Most statements that a request is told with. */
export const SLOWEST_TOLD = 5;
