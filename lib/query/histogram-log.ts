import { sumPayloads, type PayloadRange, newCounts, addPayload, maxOf } from "../histogram/index.ts";
import { hlogHead, hlogLine } from "../histogram/hlog.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { OUTCOMES } from "../wire/index.ts";
import { VERSION } from "../version.ts";
import { eachWindow, fetchEndpointRows } from "./endpoint-windows.ts";
import type { QuestionOf } from "./question.ts";
import { endpointById, readingOf } from "./reading.ts";
import { planSeries, type SeriesPlan } from "./series.ts";
import { Slices } from "./slices.ts";

/** A log of an endpoint's latency, as text and with a name for its file. */
export interface HistogramLog {
  fileName: string;
  /** In pieces, one a step. */
  text: Generator<string>;
}

/**
 * An endpoint's latency over time as an HdrHistogram log: an interval for each step and outcome that has requests.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range or step.
 */
export async function histogramLog(
  db: Db,
  question: QuestionOf<"histogramLog"> & { id: number },
  nowMs: number,
): Promise<HistogramLog> {
  const plan = planSeries(readingOf(question, nowMs), question.step);
  const { endpoint, rows } = await snapshot(db, async (connection) => {
    const found = await endpointById(connection, question.id);
    return { endpoint: found, rows: await fetchEndpointRows(connection, [found.id], plan.segments) };
  });
  const steps = new Map<number, PayloadRange[][]>();
  await eachWindow(rows.get(endpoint.id) ?? [], new Slices(), ({ atSeconds, outcome, bytes, start, end }) => {
    const place = Math.floor((atSeconds - plan.steps.firstSeconds) / plan.steps.stepSeconds);
    const own = steps.get(place) ?? OUTCOMES.map(() => []);
    steps.set(place, own);
    own[outcome]!.push({ bytes, start, end });
  });
  const { service, environment, method, route } = endpoint;
  const about = `${service} ${environment}: ${method} ${route}`;
  return {
    fileName: `${about} ${new Date(plan.range.fromSeconds * 1_000).toISOString()}.hlog`,
    text: textOf(plan, steps, about),
  };
}

function* textOf(
  { range, steps: { firstSeconds, stepSeconds } }: SeriesPlan,
  steps: ReadonlyMap<number, readonly PayloadRange[][]>,
  about: string,
): Generator<string> {
  const baseSeconds = range.fromSeconds;
  yield hlogHead(baseSeconds, [
    `Logged by tailfill ${VERSION}`,
    about,
    "Values are microseconds; Interval_Max is in ms",
  ]);
  for (const place of [...steps.keys()].sort((a, b) => a - b)) {
    const from = firstSeconds + place * stepSeconds;
    const startSeconds = Math.max(from, range.fromSeconds); // of the first and the last step, what lies in the range
    const seconds = Math.min(from + stepSeconds, range.toSeconds) - startSeconds;
    let lines = "";
    for (const [outcome, ranges] of steps.get(place)!.entries()) {
      if (ranges.length === 0) continue;
      const payload = sumPayloads(ranges);
      const interval = { startSeconds, seconds, tag: OUTCOMES[outcome]!, payload };
      lines += hlogLine(interval, { baseSeconds, maxUs: highestOf(payload) });
    }
    yield lines;
  }
}

function highestOf(payload: Uint8Array): number {
  const counts = newCounts();
  addPayload(counts, payload);
  return maxOf(counts) ?? 0;
}
