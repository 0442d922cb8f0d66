import type { CatalogEndpoint } from "../store/catalog.ts";
import type { EndpointRow } from "./answers.ts";
import { CopySlabs } from "../store/copy-out.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { eachWindow, type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import { automaticStep, type Segment, type Span, type Steps, stepsOf } from "./plan.ts";
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

/** Endpoints that are read at once. */
const AT_ONCE = 40;

/** How a list of endpoints is read and summed up. */
export interface EndpointsPlan {
  segments: readonly Segment[];
  /** The steps of the trends. */
  steps: Steps;
  percentiles: readonly number[];
}

/**
 * The endpoints that have samples, worst first: most time lost beyond their median. They are read some at a time: while
 * the database reads the next ones, those before are added up.
 */
export async function rankedEndpoints(
  connection: Snapshot,
  catalog: readonly CatalogEndpoint[],
  plan: EndpointsPlan,
): Promise<EndpointRow[]> {
  const adding = new EndpointAdding(plan);
  const groups = Array.from({ length: Math.ceil(catalog.length / AT_ONCE) }, (_, place) =>
    catalog.slice(place * AT_ONCE, (place + 1) * AT_ONCE),
  );
  const slabs = [new CopySlabs(), new CopySlabs()] as const; // one is read while the other is written
  const fetch = (place: number) => {
    const ids = (groups[place] ?? []).map(({ id }) => id);
    slabs[place % 2]!.reuse();
    const rows = fetchEndpointRows(connection, ids, plan.segments, slabs[place % 2]);
    rows.catch(() => undefined); // it is awaited in the next turn; until then a failure must not count as nobody's
    return rows;
  };
  let coming = fetch(0);
  for (const [place, group] of groups.entries()) {
    const rows = await coming;
    coming = fetch(place + 1);
    for (const endpoint of group) await adding.add(endpoint, rows.get(endpoint.id) ?? []);
  }
  return adding.found.sort((a, b) => b.tailCostUs - a.tailCostUs || b.count - a.count || a.id - b.id);
}

/** Sums up endpoints one after another; one set of histograms serves all of them. */
class EndpointAdding {
  readonly found: EndpointRow[] = [];
  private readonly slices = new Slices();
  private readonly tallies: StepTallies;

  constructor(private readonly plan: EndpointsPlan) {
    this.tallies = new StepTallies(plan.steps);
  }

  async add(endpoint: CatalogEndpoint, rows: readonly FetchedRow[]): Promise<void> {
    const { tallies } = this;
    tallies.clear();
    await eachWindow(rows, this.slices, (piece) => tallies.add(piece.atSeconds, piece.outcome, piece));
    if (tallies.whole.count > 0) this.found.push(rowOf(endpoint, tallies, this.plan.percentiles));
  }
}

function rowOf(
  { id, service, environment, method, route }: CatalogEndpoint,
  tallies: StepTallies,
  percentiles: readonly number[],
): EndpointRow {
  const trend = tallies.map((tally) => (tally === undefined ? null : tally.percentile(TREND_PERCENTILE)));
  return { id, service, environment, method, route, ...summaryOf(tallies.whole, percentiles), trend };
}
