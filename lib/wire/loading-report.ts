/**
 * Sums of one clock hour of one instance, as they are by now: told again, they take the place of what that instance told of that hour, so that a
 * report that comes twice counts once. Sums of several hours and instances add up.
 */
interface HourReport {
  /** The hour's start, ISO 8601 in UTC. */
  hour: string;
}

/** Value and count: values are buckets of lib/loading's `logBucketOf`. */
export type BucketCounts = readonly (readonly [bucket: number, count: number])[];

/** A statement that may be what the repeated one runs for; `n` is the repeated one's, `rows` its own. */
export interface ParentReport {
  /** The fingerprint. */
  statement: string;
  op: string | null;
  requests: number;
  statements: number;
  n: number;
  rows: number;
  nn: number;
  rowsRows: number;
  nRows: number;
  exact: number;
}

/** A statement that requests of an endpoint run again and again: see `RepeatSums` of lib/loading for the sums. */
export interface RepeatReport extends HourReport {
  endpoint: string;
  /** The fingerprint. */
  statement: string;
  writes: boolean;
  list: boolean;
  op: string | null;
  /** Where in the app it stands: `src/posts.ts:12`. */
  site: string | null;
  /** What to write instead, by what it may turn out to be. */
  fixes: { n_plus_one?: string | undefined; duplicates?: string | undefined; write_loop?: string | undefined };
  requests: number;
  affected: number;
  n: number;
  nn: number;
  distinct: number;
  rows: number;
  failed: number;
  changed: number;
  paused: number;
  parallel: number;
  busyUs: number;
  latencyUs: number;
  counts: BucketCounts;
  saved: BucketCounts;
  parents: ParentReport[];
}

/** What is told apart in a trial, see `TrialCell` of lib/loading. `durations`: requests by bucket of the histogram's layout. */
export interface TrialCellReport {
  assigned: "join" | "query";
  ran: "join" | "query" | "unclear";
  size: number;
  requests: number;
  errors: number;
  databaseUs: number;
  statements: number;
  records: number;
  durations: BucketCounts;
}

/** A trial of `join` against `query`. */
export interface TrialReport extends HourReport {
  trial: string;
  op: string;
  endpoint: string | null;
  stopped: { strategy: "join" | "query"; reason: "slow" | "errors" } | null;
  checks: { same: number; different: number; skipped: number };
  cells: TrialCellReport[];
}
