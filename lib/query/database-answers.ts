import type { AnswerFrame, PercentilesUs } from "./answers.ts";

/** Where the time of an endpoint's requests goes. */
export interface DatabaseAnswer extends AnswerFrame {
  /** False when no app has told of its databases: then all figures are empty. */
  told: boolean;
  /** Time for which at least one statement of a request was on its way, and the rest of its latency. */
  database: TimeShare;
  rest: TimeShare;
  /** Statements a request. */
  statements: Numbers;
  /** Means over time; they add up to the mean latency. */
  stepSeconds: number;
  points: DatabasePoint[];
  /** Most time first. */
  slowest: StatementRow[];
}

export interface TimeShare {
  count: number;
  percentiles: PercentilesUs;
  maxUs: number | null;
  thin: string[];
  /** Null without samples. */
  meanUs: number | null;
  /** Of all the time of these requests; null without samples. */
  share: number | null;
}

/** Numbers, not times. Keys as `p50`, `p99.9`. */
export interface Numbers {
  count: number;
  percentiles: Record<`p${number}`, number | null>;
  max: number | null;
  mean: number | null;
  thin: string[];
}

export interface DatabasePoint {
  at: string;
  count: number;
  databaseMeanUs: number | null;
  restMeanUs: number | null;
  /** Mean statements a request. */
  statements: number | null;
}

export interface StatementRow {
  /** 16 hex digits; sixteen zeros: what the app does not tell apart. */
  statementId: string;
  /** Without values; null while only the id is known. */
  statement: string | null;
  count: number;
  /** Refused or stopped by the database, or not answered. */
  failed: number;
  /** Mean a request. */
  perRequest: number | null;
  percentiles: PercentilesUs;
  maxUs: number | null;
  thin: string[];
  /** Summed; of statements side by side it can be more than the time that passed. */
  totalUs: number;
  /** Of all statements' time. */
  share: number;
}
