import { type DatabaseSeries, databaseSeriesOf } from "../store/database-series.ts";
import type { Db } from "../store/db.ts";
import { textsOf } from "../store/insight-statements.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import type { DatabaseAnswer, DatabasePoint, Numbers, StatementRow, TimeShare } from "./database-answers.ts";
import { type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import { factsOf, Stopwatch } from "./frame.ts";
import type { QuestionOf } from "./question.ts";
import { endpointById, readingOf } from "./reading.ts";
import { nothingIn, planSeries, type SeriesPlan, tallySteps } from "./series.ts";
import { latencySummary, thinOf, totalUsOf } from "./summary.ts";
import { tallyOf } from "./tail-users.ts";
import { StepTallies, type Tally } from "./tally.ts";
import { isoOf } from "./time.ts";

type Question = QuestionOf<"database"> & { id: number };

/** Place of `server_error` in `OUTCOME_NAMES`: a statement that was refused. */
const REFUSED = 2;

/**
 * Where the time of an endpoint's requests goes: their databases against the rest, statements a request, and the statements that take
 * most of it.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range or step.
 */
export async function database(db: Db, question: Question, nowMs: number): Promise<DatabaseAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const plan = planSeries(reading, question.step);
  const read = await snapshot(db, (connection) => fetchDatabase(connection, question.id, plan));
  const { series, rows, texts } = read;
  const of = (id: number): FetchedRow[] => rows.get(id) ?? [];
  const parts = {
    database: await tallySteps([of(series.database)], plan.steps),
    rest: await tallySteps([of(series.rest)], plan.steps),
    statements: await tallySteps([of(series.statements)], plan.steps),
  };
  const { percentiles } = question;
  const requests = parts.database.whole.count;
  const listed = await statementsOf(series, { of, percentiles, texts, requests });
  return {
    ...watch.frame(plan.range, {
      ...read.facts,
      nothing: nothingIn(reading, [{ count: requests }]),
      nowSeconds: reading.nowSeconds,
    }),
    told: read.told,
    ...timesOf(parts, percentiles),
    statements: numbersOf(parts.statements.whole, percentiles),
    stepSeconds: plan.steps.stepSeconds,
    points: pointsOf(parts),
    slowest: listed.slice(0, question.limit),
  };
}

const NOTHING: DatabaseSeries = { database: 0, rest: 0, statements: 0, each: [] };

async function fetchDatabase(connection: Snapshot, id: number, { range, segments }: SeriesPlan) {
  const endpoint = await endpointById(connection, id);
  const found = await databaseSeriesOf(connection, endpoint);
  const series = found ?? NOTHING;
  const { database, rest, statements, each } = series;
  const ids = [database, rest, statements, ...each.map(({ seriesId }) => seriesId)].filter((seriesId) => seriesId > 0);
  return {
    told: found !== null,
    series,
    rows: await fetchEndpointRows(connection, ids, segments),
    texts: await textsOf(
      connection,
      endpoint.serviceId,
      each.map(({ statementId }) => statementId),
    ),
    facts: await factsOf(connection, endpoint, range),
  };
}

interface Parts {
  database: StepTallies;
  rest: StepTallies;
  statements: StepTallies;
}

const meanOf = (tally: Tally | undefined): number | null =>
  tally === undefined || tally.count === 0 ? null : totalUsOf(tally) / tally.count;

function timesOf({ database, rest }: Parts, percentiles: readonly number[]) {
  const all = totalUsOf(database.whole) + totalUsOf(rest.whole);
  const timeOf = ({ whole }: StepTallies): TimeShare => ({
    ...latencySummary(whole, percentiles),
    meanUs: roundedOrNull(meanOf(whole)),
    share: all === 0 ? null : totalUsOf(whole) / all,
  });
  return { database: timeOf(database), rest: timeOf(rest) };
}

/** What stands for numbers as if they were microseconds: exact up to 127, then within 1 %. */
function numbersOf(tally: Tally, qs: readonly number[]): Numbers {
  const values = tally.percentiles(qs);
  return {
    count: tally.count,
    percentiles: Object.fromEntries(qs.map((q, at) => [`p${q}`, values[at]!])),
    max: tally.maxUs,
    mean: meanOf(tally),
    thin: thinOf(tally.count, qs),
  };
}

function pointsOf({ database, rest, statements }: Parts): DatabasePoint[] {
  return database.map((tally, at) => {
    const place = Math.floor((at - database.steps.firstSeconds) / database.steps.stepSeconds);
    return {
      at: isoOf(at),
      count: tally?.count ?? 0,
      databaseMeanUs: roundedOrNull(meanOf(tally)),
      restMeanUs: roundedOrNull(meanOf(rest.step(place))),
      statements: meanOf(statements.step(place)),
    };
  });
}

interface StatementMaterial {
  of: (seriesId: number) => FetchedRow[];
  percentiles: readonly number[];
  texts: ReadonlyMap<string, string>;
  requests: number;
}

/** The statements with samples in the range, most time first. */
async function statementsOf(
  { each }: DatabaseSeries,
  { of, percentiles, texts, requests }: StatementMaterial,
): Promise<StatementRow[]> {
  const found: StatementRow[] = [];
  for (const { statementId, seriesId } of each) {
    const tally = await tallyOf(of(seriesId));
    if (tally.count === 0) continue;
    found.push({
      statementId,
      statement: texts.get(statementId) ?? null,
      failed: tally.byOutcome[REFUSED]!,
      perRequest: requests === 0 ? null : tally.count / requests,
      ...latencySummary(tally, percentiles),
      totalUs: Math.round(totalUsOf(tally)),
      share: 0,
    });
  }
  const all = found.reduce((sum, row) => sum + row.totalUs, 0);
  return found
    .map((row) => ({ ...row, share: all === 0 ? 0 : row.totalUs / all }))
    .sort((a, b) => b.totalUs - a.totalUs || (a.statementId < b.statementId ? -1 : 1));
}

const roundedOrNull = (value: number | null): number | null => (value === null ? null : Math.round(value));
