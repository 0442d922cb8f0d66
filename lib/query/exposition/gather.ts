import type { CatalogEndpoint } from "../../store/catalog.ts";
import { CopySlabs } from "../../store/copy-out.ts";
import { type CountedRow, copyCounted, countedFrom } from "../../store/counters.ts";
import { eachEndpointWindow } from "../../store/endpoint-pack.ts";
import type { Snapshot } from "../../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../../store/tiers.ts";
import { eachWindow, fetchEndpointRows } from "../endpoint-windows.ts";
import { type Segment, type Span, segmentsOf } from "../plan.ts";
import { Slices } from "../slices.ts";
import { totalUsOf } from "../summary.ts";
import { Tally } from "../tally.ts";
import type { Edge } from "./edges.ts";

/** What the last window of an endpoint, or of a service, was like. */
export interface Recent {
  endpoint: CatalogEndpoint;
  count: number;
  /** By percentile asked for; null without samples. */
  percentilesUs: (number | null)[];
}

/** What an endpoint has counted since counting began. */
export interface Counted {
  endpoint: CatalogEndpoint;
  sinceSeconds: number;
  count: number;
  byOutcome: readonly number[];
  /** How many took at most so long, by edge. */
  upTo: number[];
  sumUs: number;
}

/** Endpoints whose rows are in memory at a time. */
const AT_ONCE = 500;

/** What every endpoint has ever counted, in the order of the list. */
export async function gatherCounted(
  connection: Snapshot,
  endpoints: readonly CatalogEndpoint[],
  edges: readonly Edge[],
): Promise<Counted[]> {
  const slabs = new CopySlabs();
  const slices = new Slices();
  const tally = new Tally();
  const found: Counted[] = [];
  for (const some of inGroups(endpoints)) {
    slabs.reuse();
    const ids = some.map(({ id }) => id);
    const since = await countedFrom(connection, ids);
    const rows = byEndpoint(await copyCounted(connection, ids, slabs));
    for (const endpoint of some) {
      tally.clear();
      for (const { payload } of rows.get(endpoint.id) ?? []) addAll(tally, payload);
      found.push({ ...countedOf(tally, edges), endpoint, sinceSeconds: since.get(endpoint.id) ?? 0 });
      if (slices.over) await slices.rest();
    }
  }
  return found;
}

function addAll(tally: Tally, payload: Uint8Array): void {
  // oxlint-disable-next-line max-params -- see VisitEndpointWindow
  eachEndpointWindow(payload, (_, outcome, bytes, start, end) => tally.add(outcome, { bytes, start, end }));
}

function countedOf(tally: Tally, edges: readonly Edge[]): Omit<Counted, "endpoint" | "sinceSeconds"> {
  const { count, counts } = tally;
  let reached = 0;
  let index = 0;
  const upTo = edges.map((edge) => {
    while (index <= edge.index) reached += counts[index++]!;
    return reached;
  });
  return { count, byOutcome: [...tally.byOutcome], upTo, sumUs: totalUsOf(tally) };
}

/** What a stretch of closed windows was like, for those endpoints (or services) that had requests in it. */
export async function gatherRecent(
  connection: Snapshot,
  endpoints: readonly CatalogEndpoint[],
  { range, percentiles }: { range: Span; percentiles: readonly number[] },
): Promise<Recent[]> {
  const segments: Segment[] = segmentsOf(range, ENDPOINT_TIERS, ENDPOINT_TIERS[0].windowSeconds);
  const slabs = new CopySlabs();
  const slices = new Slices();
  const tally = new Tally();
  const found: Recent[] = [];
  for (const some of inGroups(endpoints)) {
    slabs.reuse();
    const ids = some.map(({ id }) => id);
    const rows = await fetchEndpointRows(connection, ids, segments, slabs);
    for (const endpoint of some) {
      tally.clear();
      await eachWindow(rows.get(endpoint.id) ?? [], slices, (piece) => tally.add(piece.outcome, piece));
      if (tally.count === 0) continue;
      found.push({ endpoint, count: tally.count, percentilesUs: tally.percentiles(percentiles) });
    }
  }
  return found;
}

function inGroups<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, place) =>
    list.slice(place * AT_ONCE, (place + 1) * AT_ONCE),
  );
}

function byEndpoint(rows: readonly CountedRow[]): Map<number, CountedRow[]> {
  const found = new Map<number, CountedRow[]>();
  for (const row of rows) {
    const own = found.get(row.endpointId);
    if (own === undefined) found.set(row.endpointId, [row]);
    else own.push(row);
  }
  return found;
}
