import { eachSum, trendSteps } from "../query/endpoint-rows.ts";
import { factsOf, Stopwatch } from "../query/frame.ts";
import type { InsightStatementsAnswer, ServiceStatement } from "../query/insight-answer-schemas.ts";
import { keptSumsOf } from "../query/kept-sums.ts";
import { segmentsOf } from "../query/plan.ts";
import type { QuestionOf } from "../query/question.ts";
import { readingOf, windowAtStart } from "../query/reading.ts";
import { nothingIn } from "../query/series.ts";
import { latencySummary, totalUsOf } from "../query/summary.ts";
import type { TrendTally } from "../query/trend-tally.ts";
import { endpointIdsByName, type StatementSeries, statementSeriesOf } from "../store/database-series.ts";
import type { Db } from "../store/db.ts";
import { textsOf } from "../store/insight-statements.ts";
import { findScope } from "../store/scopes.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";

/** Place of `server_error` in `OUTCOME_NAMES`: a statement that was refused. */
const REFUSED = 2;

/**
 * The statements of a service and environment at its endpoints, most time first.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function insightStatements(
  db: Db,
  question: QuestionOf<"insightStatements">,
  nowMs: number,
): Promise<InsightStatementsAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const { range, expired, nowSeconds } = reading;
  const steps = trendSteps(range, windowAtStart(reading));
  const segments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS, steps.stepSeconds);
  const scope = await findScope(db, question.service, question.environment);
  const read = await snapshot(db, async (connection) => {
    const series = scope === null ? [] : await statementSeriesOf(connection, scope);
    const source = { connection, kept: keptSumsOf(db), nowSeconds };
    const rows = await eachSum(source, series, { range, segments, steps }, rowOf(question.percentiles));
    const listed = rows.sort((a, b) => b.totalUs - a.totalUs || a.id - b.id).slice(0, question.limit);
    const wanted = listed.map(({ statementId }) => statementId);
    return {
      told: series.length > 0,
      rows,
      listed,
      texts: scope === null ? new Map<string, string>() : await textsOf(connection, scope.serviceId, wanted),
      ids: await endpointIdsByName(connection, question),
      facts: await factsOf(connection, question, range),
    };
  });
  const totalUs = read.rows.reduce((sum, row) => sum + row.totalUs, 0);
  return {
    ...watch.frame(range, { ...read.facts, nothing: nothingIn(reading, read.rows), nowSeconds }),
    told: read.told,
    trendStepSeconds: steps.stepSeconds,
    statements: read.listed.map(({ id: _id, endpoint, ...row }) => ({
      ...row,
      statement: read.texts.get(row.statementId) ?? null,
      endpoint: { name: endpoint, id: read.ids.get(endpoint) ?? null },
      share: totalUs === 0 ? 0 : row.totalUs / totalUs,
    })),
    totalUs,
    statementCount: read.rows.length,
  };
}

type Row = Omit<ServiceStatement, "statement" | "statementId" | "endpoint" | "share"> & StatementSeries;

function rowOf(percentiles: readonly number[]): (series: StatementSeries, tally: TrendTally) => Row {
  return (series, tally) => ({
    ...series,
    failed: tally.whole.byOutcome[REFUSED]!,
    ...latencySummary(tally.whole, percentiles),
    totalUs: Math.round(totalUsOf(tally.whole)),
    trend: tally.trend(),
  });
}
