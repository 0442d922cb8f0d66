import { indexOf } from "../histogram/index.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { Outcomes } from "./answers.ts";
import { eachWindow, fetchEndpointRows, type FetchedRow } from "./endpoint-windows.ts";
import { align, type Segment, segmentsOf } from "./plan.ts";
import { Slices } from "./slices.ts";
import { Tally } from "./tally.ts";

/** What is wanted of some samples. */
export interface Measures {
  /** Percentiles, above 0 up to 100. */
  percentiles: readonly number[];
  /** Latencies, µs: how many requests took longer? */
  aboveUs: readonly number[];
}

/** A question about one endpoint (or the `total` of a service and environment) in one stretch, Unix seconds. */
export interface WindowAsk extends Measures {
  endpointId: number;
  fromSeconds: number;
  toSeconds: number;
}

export interface WindowFigures {
  count: number;
  outcomes: Outcomes;
  /** By percentile, µs; `null` without samples. */
  percentilesUs: ReadonlyMap<number, number | null>;
  /** By latency: how many requests took longer, to the width of a bucket. */
  above: ReadonlyMap<number, number>;
}

/** Endpoints whose rows are in memory at a time. */
const AT_ONCE = 200;

/**
 * Answers many such questions, in their order. A stretch is read outwards to the windows that are still kept; what is older than
 * everything kept has no requests. Rows of the same stretch are read together.
 */
export async function windowFigures(db: Db, asks: readonly WindowAsk[], nowMs: number): Promise<WindowFigures[]> {
  const answers: WindowFigures[] = asks.map(() => figuresOf(new Tally(), NOTHING));
  for (const places of byStretch(asks)) {
    const { fromSeconds, toSeconds } = asks[places[0]!]!;
    const range = align({ fromSeconds, toSeconds }, ENDPOINT_TIERS, nowMs / 1_000);
    if (range === null) continue;
    const segments = segmentsOf(range, ENDPOINT_TIERS);
    for (let from = 0; from < places.length; from += AT_ONCE)
      await answerSome(db, places.slice(from, from + AT_ONCE), { asks, segments, answers });
  }
  return answers;
}

const NOTHING: Measures = { percentiles: [], aboveUs: [] };

/** The places of the questions about one stretch each. */
function byStretch(asks: readonly WindowAsk[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [place, { fromSeconds, toSeconds }] of asks.entries()) {
    const key = `${fromSeconds} ${toSeconds}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  return [...groups.values()];
}

interface Asked {
  asks: readonly WindowAsk[];
  segments: readonly Segment[];
  answers: WindowFigures[];
}

async function answerSome(db: Db, places: readonly number[], { asks, segments, answers }: Asked): Promise<void> {
  const ids = [...new Set(places.map((place) => asks[place]!.endpointId))];
  const rows = await snapshot(db, (connection) => fetchEndpointRows(connection, ids, segments));
  const slices = new Slices();
  const tally = new Tally();
  for (const place of places) {
    const ask = asks[place]!;
    await tallyInto(tally, rows.get(ask.endpointId) ?? [], slices);
    answers[place] = figuresOf(tally, ask);
    if (slices.over) await slices.rest();
  }
}

async function tallyInto(tally: Tally, rows: readonly FetchedRow[], slices: Slices): Promise<void> {
  tally.clear();
  await eachWindow(rows, slices, (piece) => tally.add(piece.outcome, piece));
}

/** What is wanted of the samples in a tally. */
export function figuresOf(tally: Tally, { percentiles, aboveUs }: Measures): WindowFigures {
  return {
    count: tally.count,
    outcomes: tally.outcomes,
    percentilesUs: new Map(percentiles.map((q) => [q, tally.count === 0 ? null : tally.percentile(q)])),
    above: new Map(aboveUs.map((us) => [us, countAbove(tally, us)])),
  };
}

function countAbove({ counts, high }: Tally, us: number): number {
  let above = 0;
  for (let bucket = indexOf(us) + 1; bucket <= high; bucket++) above += counts[bucket]!;
  return above;
}
