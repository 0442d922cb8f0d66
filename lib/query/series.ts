import { TailfillError } from "../errors.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { Before, SeriesAnswer } from "./answers.ts";
import { eachWindow, type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import { coveredSeconds } from "./covered.ts";
import { factsOf, rangeText, Stopwatch } from "./frame.ts";
import {
  align,
  type Compare,
  cutAt,
  MOST_POINTS,
  rangeBefore,
  type Segment,
  segmentsOf,
  settledBefore,
  type Span,
  stepOf,
  type Steps,
  stepsOf,
} from "./plan.ts";
import { LONGEST_STEP_SECONDS, type QuestionOf } from "./question.ts";
import { endpointById, type Reading, readingOf } from "./reading.ts";
import { Slices } from "./slices.ts";
import { type Source, Stretches } from "./stretches.ts";
import { latencySummary, seriesOf } from "./summary.ts";
import { StepTallies, type Tally } from "./tally.ts";
import { TrendTally } from "./trend-tally.ts";

/** How a series is read: its range in steps, and the stretches by tier. */
export interface SeriesPlan {
  range: Span;
  steps: Steps;
  segments: Segment[];
}

/**
 * Plans a series over a reading; nothing is read of an expired one.
 * @throws TailfillError `bad_request` when the step that was asked for makes too many points.
 */
export function planSeries({ range, expired, nowSeconds }: Reading, stepSeconds?: number): SeriesPlan {
  const step = stepOf(range, ENDPOINT_TIERS, { nowSeconds, stepSeconds });
  const steps = stepsOf(range, step);
  if (steps.count > MOST_POINTS) throw tooManyPoints(range);
  if (expired) return { range, steps: { ...steps, count: 0 }, segments: [] };
  return { range, steps, segments: segmentsOf(range, ENDPOINT_TIERS, step) };
}

export function tooManyPoints({ fromSeconds, toSeconds }: Span): TailfillError {
  const least = Math.ceil((toSeconds - fromSeconds) / (MOST_POINTS - 1));
  if (least > LONGEST_STEP_SECONDS)
    return new TailfillError("bad_request", "from, to: the range is too long for any step; leave `step` out.");
  return new TailfillError(
    "bad_request",
    `step: must be at least ${least} seconds for this range (${MOST_POINTS} points).`,
  );
}

/** The same plan for the range to compare with; `null` when nothing of it is kept any more. */
export function planBefore(plan: SeriesPlan, compare: Compare, nowSeconds: number): SeriesPlan | null {
  const { stepSeconds } = plan.steps;
  const range = align(rangeBefore(plan.range, compare, stepSeconds), ENDPOINT_TIERS, nowSeconds);
  return range === null ? null : planSeries({ range, expired: false, nowSeconds }, stepSeconds);
}

/** Adds up the rows of one or more endpoints by step. `aborted`, when given, gets the aborted requests as well. */
export async function tallySteps(
  rows: Iterable<readonly FetchedRow[]>,
  steps: Steps,
  aborted?: Tally,
): Promise<StepTallies> {
  const slices = new Slices();
  const tallies = new StepTallies(steps);
  for (const some of rows)
    await eachWindow(some, slices, (piece) => {
      tallies.add(piece.atSeconds, piece.outcome, piece);
      if (piece.outcome === ABORTED) aborted?.add(ABORTED, piece);
    });
  return tallies;
}

/** Place of `aborted` in `OUTCOME_NAMES`. */
const ABORTED = 3;

/** A series that was read in a snapshot, and is still to be added up outside of it. */
export interface ReadSeries {
  plan: SeriesPlan;
  addUp(): Promise<StepTallies>;
}

/** Reads one or more endpoints, as one series. What is settled is added up once, and then kept. */
export async function readSeries(source: Source, ids: readonly number[], plan: SeriesPlan): Promise<ReadSeries> {
  const { steps, range, segments } = plan;
  const settledSeconds = settledBefore(range, source.nowSeconds);
  const cut = { steps, segments: cutAt(segments, settledSeconds), settledSeconds };
  const stretches = await Stretches.of(source, ids, { ...cut, form: "steps" });
  const found = await stretches.find(ids);
  const addUp = async () => {
    const tally = new TrendTally(steps);
    for (const id of ids) await stretches.addTo(tally, id, found);
    return tally.tallies;
  };
  return { plan, addUp };
}

export async function beforeOf(
  read: ReadSeries | null,
  { percentiles, firstSeconds }: { percentiles: readonly number[]; firstSeconds: number | null },
): Promise<Before | null> {
  if (read === null) return null;
  const { range } = read.plan;
  const tallies = await read.addUp();
  const total = tallies.whole;
  return {
    range: rangeText(range),
    coveredSeconds: coveredSeconds(range, firstSeconds, Infinity),
    totals: { ...latencySummary(total, percentiles), outcomes: total.outcomes },
    series: seriesOf(tallies, percentiles),
  };
}

/**
 * An endpoint's percentiles over time.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range or step.
 */
export async function series(
  db: Db,
  question: QuestionOf<"series"> & { id: number },
  nowMs: number,
): Promise<SeriesAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const plan = planSeries(reading, question.step);
  const { rows, facts } = await snapshot(db, async (connection) => {
    const endpoint = await endpointById(connection, question.id);
    const rows = await fetchEndpointRows(connection, [endpoint.id], plan.segments);
    return { rows, facts: await factsOf(connection, endpoint, plan.range) };
  });
  const tallies = await tallySteps(rows.values(), plan.steps);
  const answer = seriesOf(tallies, question.percentiles);
  const nothing = nothingIn(reading, answer.points);
  return { ...watch.frame(plan.range, { ...facts, nothing, nowSeconds: reading.nowSeconds }), ...answer };
}

/** Why an answer about one thing that exists holds nothing. */
export function nothingIn(reading: Reading, points: readonly { count: number }[]): "expired" | "none_in_range" | null {
  if (reading.expired) return "expired";
  return points.some(({ count }) => count > 0) ? null : "none_in_range";
}
