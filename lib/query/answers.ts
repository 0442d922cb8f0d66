import type { LossUnit } from "../wire/index.ts";

/**
 * What `lib/query` answers: the one source of pages, API and alerts, so that they cannot disagree.
 * Latencies are integer microseconds (`…Us`), times ISO 8601 in UTC, percentiles `null` where there is no sample.
 */
export const OUTCOME_NAMES = ["ok", "client_error", "server_error", "aborted"] as const;
export type OutcomeName = (typeof OUTCOME_NAMES)[number];
export type Outcomes = Record<OutcomeName, number>;

/** Keys `p50Us`, `p99.9Us`…: the percentiles that were asked for. */
export type PercentilesUs = Record<`p${number}Us`, number | null>;

export interface Range {
  from: string;
  to: string;
}

/** Why an answer holds nothing. */
export type Nothing = "nothing_sent_yet" | "none_in_range" | "expired" | "filtered_out" | "unknown_user";

export interface LossCount {
  reason: string;
  count: number;
  /** What was counted: entries of batches where nobody knows how many requests they held. */
  unit: LossUnit;
}

export interface ReleaseMark {
  at: string;
  release: string;
}

/** How far off percentiles may be, of which some samples came in buckets of others. */
export interface Coarse {
  /** What is reported and what is true differ by at most so many percent of the smaller. */
  errorPercent: number;
  /** That holds from here on, microseconds, */
  aboveUs: number;
  /** and up to here; `null`: without end. */
  belowUs: number | null;
}

/** What every answer carries: the range that was really read (aligned outwards), its losses, and what it cost to ask. */
export interface AnswerFrame {
  range: Range;
  /**
   * For how much of the range requests were counted: from the service's first window, if that came later than the range's
   * start, to now or the range's end. Rates are by this; 0 when nothing was.
   */
  coveredSeconds: number;
  losses: LossCount[];
  nothing: Nothing | null;
  /** Only where samples came in buckets of others, on the days of the range. */
  coarse?: Coarse;
  /** Only where a read replica answered that is behind: for so many seconds it may lack what has come in, rounded up. */
  behindSeconds?: number;
  tookMs: number;
}

/** How a read replica is. */
export interface ReplicaStatus {
  /** `used`; or why it is not: it was not measured yet, is too far behind, or does not answer. */
  use: "used" | "not_known" | "behind" | "failed";
  /** `null`: it has never had a mark of the database's. */
  behindSeconds: number | null;
}

export interface Summary {
  count: number;
  outcomes: Outcomes;
  percentiles: PercentilesUs;
  maxUs: number | null;
  /** Names of the percentiles that rest on too few samples, as `p99.9`. */
  thin: string[];
  /** Time that requests spent beyond the endpoint's p50, summed, µs. For a service: the sum over its endpoints. */
  tailCostUs: number;
}

export interface EndpointRow extends Summary {
  id: number;
  service: string;
  environment: string;
  method: string;
  route: string;
  /** p99 by step over the range, for the sparkline; `null` = no sample in that step. */
  trend: (number | null)[];
}

export interface EndpointsAnswer extends AnswerFrame {
  /** Width of a step of the trends. */
  trendStepSeconds: number;
  /** Worst first: most `tailCostUs`. */
  endpoints: EndpointRow[];
}

export interface SeriesAnswer extends AnswerFrame, Series {}

export interface HistogramAnswer extends AnswerFrame {
  count: number;
  /** Base64 of the HdrHistogram V2 encoding, compressed; values in µs. */
  histogram: string;
}

/** A step of a user's series, which knows no outcomes. `count` 0 and `null` percentiles are a gap. */
export interface LatencyPoint extends PercentilesUs {
  at: string;
  count: number;
}

/** A step of a series. `count` 0 and `null` percentiles are a gap. */
export interface Point extends LatencyPoint {
  outcomes: Outcomes;
}

/** Points at multiples of the step that cover the range; of the first and the last, only what lies in the range counts. */
export interface Series {
  stepSeconds: number;
  points: Point[];
}

export interface LatencySeries {
  stepSeconds: number;
  points: LatencyPoint[];
}

/** The same for the range to compare with. What requests lost in the tail then is not reckoned. */
export interface Before {
  range: Range;
  /** As an answer's own. */
  coveredSeconds: number;
  totals: Omit<Summary, "tailCostUs">;
  series: Series;
}

export interface OverviewAnswer extends AnswerFrame {
  /** The filter; empty = all. */
  service: string;
  environment: string;
  totals: Summary;
  /** The same length of time before (or as `compare` says), when asked for. */
  before: Before | null;
  series: Series;
  /** Worst first: most `tailCostUs`. */
  endpoints: EndpointRow[];
  /** Width of a step of the endpoints' trends. */
  trendStepSeconds: number;
  releases: ReleaseMark[];
}

export interface HeatMap {
  stepSeconds: number;
  /** Lower bounds of the latency rows, µs, ascending; rows are evenly spaced in log scale. */
  rowsFromUs: number[];
  /** One column a step: its start and the counts by row. */
  columns: { at: string; counts: number[] }[];
}

/** Points of the percentile axis: `oneOver` = 1/(1−q). */
export type PercentileAxis = { q: number; oneOver: number; latencyUs: number }[];

export interface UserRow {
  user: string;
  count: number;
  p50Us: number | null;
  p95Us: number | null;
  p99Us: number | null;
  maxUs: number | null;
  /** Requests above the endpoint's p95 in this range, and the part of all such requests. */
  tailCount: number;
  tailShare: number;
  thin: string[];
}

export interface TailUsersAnswer extends AnswerFrame {
  /** The latency above which a request is in the tail: the endpoint's p95 over the range, µs. */
  tailAboveUs: number | null;
  users: UserRow[];
  /** Everybody not listed, the `(other users)` bucket and requests without a user included: sums equal the endpoint's. */
  other: Omit<UserRow, "user"> & { users: number };
  /** Users seen in the range that keep a row of their own. */
  userCount: number;
  /** "these `users` users are `share` of the tail": the fewest users that make up at least half of it, if 20 or fewer do. */
  headline: { users: number; share: number } | null;
}

/** Which endpoint it is: known before any figure is. */
export interface EndpointIdentity {
  id: number;
  service: string;
  environment: string;
  method: string;
  route: string;
}

export interface EndpointAnswer extends AnswerFrame {
  id: number;
  service: string;
  environment: string;
  method: string;
  route: string;
  totals: Summary;
  before: Before | null;
  series: Series;
  heatMap: HeatMap;
  axis: PercentileAxis;
  releases: ReleaseMark[];
  /** Median latency of aborted requests: how long people waited before they left, µs. */
  abortedP50Us: number | null;
}

export interface UserAnswer extends AnswerFrame {
  user: string;
  service: string;
  environment: string;
  totals: Omit<Summary, "outcomes" | "tailCostUs">;
  /** That user's latency over time, and everybody else's on the same endpoints. */
  series: LatencySeries;
  everybodyElse: LatencySeries;
  axis: PercentileAxis;
  everybodyElseAxis: PercentileAxis;
  /** Most tail first. */
  endpoints: (Omit<UserRow, "user"> & {
    service: string;
    endpointId: number;
    method: string;
    route: string;
    environment: string;
    endpointP99Us: number | null;
  })[];
}

/** The distribution of one user's requests to one endpoint. */
export interface UserAxisAnswer extends AnswerFrame {
  user: string;
  count: number;
  axis: PercentileAxis;
}

/** Users whose id begins with what was typed. */
export interface UserSearchAnswer {
  users: { user: string; service: string }[];
}

export interface LossesAnswer extends AnswerFrame {
  services: { service: string; environment: string; losses: LossCount[] }[];
  /** Requests to ingest that were refused whole, by error code. */
  refused: { code: string; count: number }[];
}

export interface ServicesAnswer {
  services: { name: string; environments: string[]; lastSeenAt: string | null }[];
}

export interface JobStatus {
  job: string;
  everySeconds: number;
  startedAt: string | null;
  succeededAt: string | null;
  durationMs: number | null;
  error: string | null;
  runs: number;
  failures: number;
  /** Seconds behind its schedule; `null` when it has never run. */
  lagSeconds: number | null;
  healthy: boolean;
}

export interface StorageAnswer {
  tables: {
    table: string;
    holds: string;
    /** The database's own estimate. */
    rows: number;
    /** All of it; of these the indexes, and what lies beside the rows because it is long. */
    bytes: number;
    indexBytes: number;
    toastBytes: number;
    /** Of tables that go by partitions: the start of the first window and the end of the last; of others `null`. */
    oldest: string | null;
    newest: string | null;
    /** What a day adds, measured over so many days: of whole days of the past when there are any. */
    perDay: { bytes: number; measuredDays: number } | null;
    /** The partition that goes next: what it holds, from when on it may be dropped, and what that frees. */
    nextDrop: { from: string; to: string; at: string; bytes: number } | null;
    /** The largest that the table becomes at today's rate, estimated; `null`: it goes by no partitions. */
    fullBytes: number | null;
    /** For how long answers use the rows; `null`: as long as they are needed. */
    keptSeconds: number | null;
    /** How old rows are when they are removed, at least and at most; `null` where that is soon after. */
    removedSeconds: [number, number] | null;
  }[];
  /** What the tables above do not hold: alerts, accounts, the job queue, PostgreSQL's own. */
  otherBytes: number;
  databaseBytes: number;
  freeDiskBytes: number | null;
  /** What everything becomes when each day adds what the last ones did, estimated; `null` while no rate is known. */
  future: {
    perDayBytes: number;
    /** Over how many days the rate is known, at the least. */
    measuredDays: number;
    /** The largest that the database becomes, and when. */
    fullBytes: number;
    fullAt: string;
    /** When ingest will stop for want of room; `null`: not at this rate, or the disk is not ours to know. */
    diskFullAt: string | null;
  } | null;
}
