import type { Db } from "../store/db.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { EndpointRow, OverviewAnswer } from "./answers.ts";
import { rankedEndpoints, trendSteps } from "./endpoint-rows.ts";
import { fetchEndpointRows } from "./endpoint-windows.ts";
import { factsOf, releaseMarks, Stopwatch } from "./frame.ts";
import { segmentsOf, type Steps } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { matchedBy, type Reading, readingOf, windowAtStart } from "./reading.ts";
import { beforeOf, fetchBefore, nothingIn, planBefore, planSeries, type SeriesPlan, tallySteps } from "./series.ts";
import { seriesOf, summaryOf } from "./summary.ts";

type Question = QuestionOf<"overview">;

/**
 * A service and environment (all without) at a glance: totals, series, and its endpoints, worst first.
 * @throws TailfillError `bad_request` for a bad range or step.
 */
export async function overview(db: Db, question: Question, nowMs: number): Promise<OverviewAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const plan = planSeries(reading, question.step);
  const trend = trendSteps(reading.range, windowAtStart(reading));
  const read = await snapshot(db, (connection) => fetchOverview(connection, question, { reading, plan, trend }));
  const { percentiles } = question;
  const { endpoints } = read;
  const tallies = await tallySteps(read.totalRows.values(), plan.steps);
  const series = seriesOf(tallies, percentiles);
  const before = await beforeOf(read.before, { percentiles, ...read.facts });
  const nothing = read.matched.nothing ?? nothingIn(reading, series.points);
  return {
    ...watch.frame(plan.range, { ...read.facts, nothing, nowSeconds: reading.nowSeconds }),
    service: question.service ?? "",
    environment: question.environment ?? "",
    totals: summaryOf(tallies.whole, percentiles, costOf(endpoints)),
    before,
    series,
    endpoints,
    trendStepSeconds: trend.stepSeconds,
    releases: read.releases,
  };
}

const costOf = (endpoints: readonly EndpointRow[]): number =>
  endpoints.reduce((sum, { tailCostUs }) => sum + tailCostUs, 0);

interface Plans {
  reading: Reading;
  plan: SeriesPlan;
  trend: Steps;
}

async function fetchOverview(connection: Snapshot, question: Question, { reading, plan, trend }: Plans) {
  const matched = await matchedBy(connection, question);
  const totalIds = matched.totals.map(({ id }) => id);
  const { range, expired, nowSeconds } = reading;
  const segments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS, trend.stepSeconds);
  const { compare, percentiles } = question;
  return {
    matched,
    endpoints: await rankedEndpoints(connection, matched.endpoints, { segments, steps: trend, percentiles }),
    totalRows: await fetchEndpointRows(connection, totalIds, plan.segments),
    before: await fetchBefore(connection, totalIds, compare && !expired ? planBefore(plan, compare, nowSeconds) : null),
    facts: await factsOf(connection, question, range),
    releases: await releaseMarks(connection, question, range),
  };
}
