import { encodePayload, encodeV2Compressed } from "../histogram/index.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { EndpointAnswer, HistogramAnswer } from "./answers.ts";
import { axisOf } from "./axis.ts";
import { eachWindow, fetchEndpointRows } from "./endpoint-windows.ts";
import { factsOf, releaseMarks, Stopwatch } from "./frame.ts";
import { heatMapOf } from "./heat-map.ts";
import { keptSumsOf } from "./kept-sums.ts";
import { segmentsOf } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { endpointById, type Reading, readingOf } from "./reading.ts";
import { beforeOf, nothingIn, planBefore, planSeries, readSeries, type SeriesPlan, tallySteps } from "./series.ts";
import { Slices } from "./slices.ts";
import type { Source } from "./stretches.ts";
import { seriesOf, summaryOf } from "./summary.ts";
import { Tally } from "./tally.ts";

type Question = QuestionOf<"endpoint"> & { id: number };

/**
 * Everything about one endpoint but its users (see `tailUsers`).
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range or step.
 */
export async function endpoint(db: Db, question: Question, nowMs: number): Promise<EndpointAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const plan = planSeries(reading, question.step);
  const { nowSeconds } = reading;
  const read = await snapshot(db, (connection) =>
    fetchEndpoint({ connection, kept: keptSumsOf(db), nowSeconds }, question, { reading, plan }),
  );
  const { percentiles } = question;
  const aborted = new Tally();
  const tallies = await tallySteps(read.rows.values(), plan.steps, aborted);
  const total = tallies.whole;
  const series = seriesOf(tallies, percentiles);
  const before = await beforeOf(read.before, { percentiles, ...read.facts });
  const { id, service, environment, method, route } = read.endpoint;
  return {
    ...watch.frame(plan.range, {
      ...read.facts,
      nothing: nothingIn(reading, series.points),
      nowSeconds,
    }),
    id,
    service,
    environment,
    method,
    route,
    totals: summaryOf(total, percentiles),
    before,
    series,
    heatMap: heatMapOf(tallies),
    axis: axisOf(total.counts),
    releases: read.releases,
    abortedP50Us: aborted.percentile(50),
  };
}

async function fetchEndpoint(
  source: Source,
  question: Question,
  { reading, plan }: { reading: Reading; plan: SeriesPlan },
) {
  const { connection, nowSeconds } = source;
  const found = await endpointById(connection, question.id);
  const { compare } = question;
  const before = compare && !reading.expired ? planBefore(plan, compare, nowSeconds) : null;
  return {
    endpoint: found,
    rows: await fetchEndpointRows(connection, [found.id], plan.segments),
    before: before && (await readSeries(source, [found.id], before)),
    facts: await factsOf(connection, found, plan.range),
    releases: await releaseMarks(connection, found, plan.range),
  };
}

/**
 * All samples of an endpoint in a range as one histogram, for other HdrHistogram programs.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range.
 */
export async function histogram(
  db: Db,
  question: QuestionOf<"histogram"> & { id: number },
  nowMs: number,
): Promise<HistogramAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const segments = reading.expired ? [] : segmentsOf(reading.range, ENDPOINT_TIERS);
  const { rows, facts } = await snapshot(db, async (connection) => {
    const found = await endpointById(connection, question.id);
    const rows = await fetchEndpointRows(connection, [found.id], segments);
    return { rows: rows.get(found.id) ?? [], facts: await factsOf(connection, found, reading.range) };
  });
  const total = new Tally();
  await eachWindow(rows, new Slices(), (piece) => total.add(piece.outcome, piece));
  return {
    ...watch.frame(reading.range, { ...facts, nothing: nothingIn(reading, [total]), nowSeconds: reading.nowSeconds }),
    count: total.count,
    histogram: Buffer.from(encodeV2Compressed(encodePayload(total.counts))).toString("base64"),
  };
}
