import type { CatalogEndpoint } from "../store/catalog.ts";
import type { EndpointRow } from "./answers.ts";
import { CopySlabs } from "../store/copy-out.ts";
import { automaticStep, type Segment, settledBefore, type Span, type Steps, stepsOf } from "./plan.ts";
import { type Source, Stretches } from "./stretches.ts";
import { summaryOf } from "./summary.ts";
import { TrendTally } from "./trend-tally.ts";

const TREND_POINTS = 32;
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
  range: Span;
  segments: readonly Segment[];
  /** The steps of the trends. */
  steps: Steps;
  percentiles: readonly number[];
}

/** The endpoints that have samples, worst first: most time lost beyond their median. */
export async function rankedEndpoints(
  source: Source,
  catalog: readonly CatalogEndpoint[],
  plan: EndpointsPlan,
): Promise<EndpointRow[]> {
  const found = await eachSum(source, catalog, plan, (endpoint, tally) => rowOf(endpoint, tally, plan.percentiles));
  return found.sort((a, b) => b.tailCostUs - a.tailCostUs || b.count - a.count || a.id - b.id);
}

/**
 * What `rowFor` makes of each endpoint that has samples, in no order. They are read some at a time: while the database reads the
 * next ones, those before are added up. The tally is used again for the next one.
 */
export async function eachSum<Named extends { id: number }, Row>(
  source: Source,
  catalog: readonly Named[],
  plan: Omit<EndpointsPlan, "percentiles">,
  rowFor: (endpoint: Named, tally: TrendTally) => Row,
): Promise<Row[]> {
  const settledSeconds = settledBefore(plan.range, source.nowSeconds);
  const stretches = await Stretches.of(source, idsOf(catalog), { ...plan, settledSeconds, form: "trend" });
  const tally = new TrendTally(plan.steps);
  const found: Row[] = [];
  const groups = Array.from({ length: Math.ceil(catalog.length / AT_ONCE) }, (_, place) =>
    catalog.slice(place * AT_ONCE, (place + 1) * AT_ONCE),
  );
  const slabs = [new CopySlabs(), new CopySlabs()] as const; // one is read while the other is written
  const find = (place: number) => {
    slabs[place % 2]!.reuse();
    const some = stretches.find(idsOf(groups[place] ?? []), slabs[place % 2]);
    some.catch(() => undefined); // it is awaited in the next turn; until then a failure must not count as nobody's
    return some;
  };
  let coming = find(0);
  for (const [place, group] of groups.entries()) {
    const some = await coming;
    coming = find(place + 1);
    for (const endpoint of group) {
      tally.clear();
      await stretches.addTo(tally, endpoint.id, some);
      if (tally.whole.count > 0) found.push(rowFor(endpoint, tally));
    }
  }
  return found;
}

const idsOf = (catalog: readonly { id: number }[]): number[] => catalog.map(({ id }) => id);

function rowOf(
  { id, service, environment, method, route }: CatalogEndpoint,
  tally: TrendTally,
  percentiles: readonly number[],
): EndpointRow {
  return { id, service, environment, method, route, ...summaryOf(tally.whole, percentiles), trend: tally.trend() };
}
