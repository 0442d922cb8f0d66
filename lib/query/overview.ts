import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { EndpointRow, OverviewAnswer } from "./answers.ts";
import { rankedEndpoints, trendSteps } from "./endpoint-rows.ts";
import { factsOf, releaseMarks, Stopwatch } from "./frame.ts";
import { keptSumsOf } from "./kept-sums.ts";
import { segmentsOf, type Steps } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { matchedBy, type Reading, readingOf, windowAtStart } from "./reading.ts";
import { beforeOf, nothingIn, planBefore, planSeries, readSeries, type SeriesPlan } from "./series.ts";
import type { Source } from "./stretches.ts";
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
  const { nowSeconds } = reading;
  const read = await snapshot(db, (connection) =>
    fetchOverview({ connection, kept: keptSumsOf(db), nowSeconds }, question, { reading, plan, trend }),
  );
  const { percentiles } = question;
  const { endpoints } = read;
  const tallies = await read.totals.addUp();
  const series = seriesOf(tallies, percentiles);
  const before = await beforeOf(read.before, { percentiles, ...read.facts });
  const nothing = read.matched.nothing ?? nothingIn(reading, series.points);
  return {
    ...watch.frame(plan.range, { ...read.facts, nothing, nowSeconds }),
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

async function fetchOverview(source: Source, question: Question, { reading, plan, trend }: Plans) {
  const { connection, nowSeconds } = source;
  const matched = await matchedBy(connection, question);
  const totalIds = matched.totals.map(({ id }) => id);
  const { range, expired } = reading;
  const segments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS, trend.stepSeconds);
  const { compare, percentiles } = question;
  const before = compare && !expired ? planBefore(plan, compare, nowSeconds) : null;
  return {
    matched,
    endpoints: await rankedEndpoints(source, matched.endpoints, { range, segments, steps: trend, percentiles }),
    totals: await readSeries(source, totalIds, plan),
    before: before && (await readSeries(source, totalIds, before)),
    facts: await factsOf(connection, question, range),
    releases: await releaseMarks(connection, question, range),
  };
}
