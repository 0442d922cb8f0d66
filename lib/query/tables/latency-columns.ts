import type { EndpointRow, LatencyPoint, Outcomes, PercentilesUs, Point, UserAnswer, UserRow } from "../answers.ts";
import { OUTCOME_NAMES } from "../answers.ts";
import type { DatabasePoint, StatementRow } from "../database-answers.ts";
import type { Columns } from "./table.ts";

const outcomes = Object.fromEntries(
  OUTCOME_NAMES.map((name) => [name, (row: { outcomes: Outcomes }) => row.outcomes[name]]),
);

/** A column a percentile that was asked for. */
function percentileColumns<Row>(asked: readonly number[], of: (row: Row) => PercentilesUs): Columns<Row> {
  return Object.fromEntries(asked.map((q) => [`p${q}Us`, (row: Row) => of(row)[`p${q}Us`] ?? null]));
}

export const endpointColumns = (percentiles: readonly number[]): Columns<EndpointRow> => ({
  service: (row) => row.service,
  environment: (row) => row.environment,
  method: (row) => row.method,
  route: (row) => row.route,
  count: (row) => row.count,
  ...outcomes,
  ...percentileColumns(percentiles, (row) => row.percentiles),
  maxUs: (row) => row.maxUs,
  thin: (row) => row.thin.join(" "),
  tailCostUs: (row) => row.tailCostUs,
});

export const pointColumns = (percentiles: readonly number[]): Columns<Point> => ({
  at: (row) => row.at,
  count: (row) => row.count,
  ...outcomes,
  ...percentileColumns(percentiles, (row) => row),
});

export const userPointColumns = (percentiles: readonly number[]): Columns<LatencyPoint> => ({
  at: (row) => row.at,
  count: (row) => row.count,
  ...percentileColumns(percentiles, (row) => row),
});

const userFigures: Columns<Omit<UserRow, "user">> = {
  count: (row) => row.count,
  tailCount: (row) => row.tailCount,
  tailShare: (row) => row.tailShare,
  p50Us: (row) => row.p50Us,
  p95Us: (row) => row.p95Us,
  p99Us: (row) => row.p99Us,
  maxUs: (row) => row.maxUs,
  thin: (row) => row.thin.join(" "),
};

export const TAIL_USERS: Columns<UserRow> = { user: (row) => row.user, ...userFigures };

export const USER_ENDPOINTS: Columns<UserAnswer["endpoints"][number]> = {
  service: (row) => row.service,
  environment: (row) => row.environment,
  method: (row) => row.method,
  route: (row) => row.route,
  ...userFigures,
  endpointP99Us: (row) => row.endpointP99Us,
};

export const databasePoints: Columns<DatabasePoint> = {
  at: (row) => row.at,
  count: (row) => row.count,
  databaseMeanUs: (row) => row.databaseMeanUs,
  restMeanUs: (row) => row.restMeanUs,
  statementsMean: (row) => row.statements,
};

export const endpointStatements = (percentiles: readonly number[]): Columns<StatementRow> => ({
  statement: (row) => row.statement,
  statementId: (row) => row.statementId,
  count: (row) => row.count,
  failed: (row) => row.failed,
  perRequest: (row) => row.perRequest,
  ...percentileColumns(percentiles, (row) => row.percentiles),
  maxUs: (row) => row.maxUs,
  totalUs: (row) => row.totalUs,
  share: (row) => row.share,
});
