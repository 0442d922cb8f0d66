import type { CatalogEndpoint } from "../store/catalog.ts";
import type { EndpointRow } from "./answers.ts";
import { eachWindow, type FetchedRow } from "./endpoint-windows.ts";
import { automaticStep, type Span, type Steps, stepsOf } from "./plan.ts";
import { Slices } from "./slices.ts";
import { summaryOf } from "./summary.ts";
import { StepTallies } from "./tally.ts";

const TREND_POINTS = 32;
const TREND_PERCENTILE = 99;
const HOUR = 3_600;
/** Beyond this, a trend is made of hours, which are cheap to read for hundreds of endpoints at once. */
const BY_THE_HOUR_ABOVE = 7 * HOUR;

/** The steps of the trends over an aligned range. `narrowest`: the widest window that the range needs at its start. */
export function trendSteps(range: Span, narrowest: number): Steps {
  const length = range.toSeconds - range.fromSeconds;
  const step = Math.max(automaticStep(length, TREND_POINTS), length > BY_THE_HOUR_ABOVE ? HOUR : narrowest);
  return stepsOf(range, Math.ceil(step / narrowest) * narrowest);
}

/** What the rows of a list of endpoints are made from. */
export interface RowMaterial {
  catalog: readonly CatalogEndpoint[];
  rows: ReadonlyMap<number, readonly FetchedRow[]>;
  steps: Steps;
  percentiles: readonly number[];
}

/** The endpoints that have samples, worst first: most time lost beyond their median. */
export async function endpointRowsOf(material: RowMaterial): Promise<EndpointRow[]> {
  const slices = new Slices();
  // One set of histograms serves all endpoints, one after another.
  const tallies = new StepTallies(material.steps);
  const found: EndpointRow[] = [];
  for (const endpoint of material.catalog) {
    tallies.clear();
    await eachWindow(material.rows.get(endpoint.id) ?? [], slices, (piece) =>
      tallies.add(piece.atSeconds, piece.outcome, piece),
    );
    if (tallies.whole.count > 0) found.push(rowOf(endpoint, tallies, material.percentiles));
  }
  return found.sort((a, b) => b.tailCostUs - a.tailCostUs || b.count - a.count || a.id - b.id);
}

function rowOf(
  { id, service, environment, method, route }: CatalogEndpoint,
  tallies: StepTallies,
  percentiles: readonly number[],
): EndpointRow {
  const trend = tallies.map((tally) => (tally === undefined ? null : tally.percentile(TREND_PERCENTILE)));
  return { id, service, environment, method, route, ...summaryOf(tallies.whole, percentiles), trend };
}
