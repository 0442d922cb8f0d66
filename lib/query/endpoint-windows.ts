import type { Snapshot } from "../store/snapshot.ts";
import { type CopySlabs } from "../store/copy-out.ts";
import { eachEndpointWindow } from "../store/endpoint-pack.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { copyEndpointRows } from "../store/window-copy.ts";
import type { EndpointRow } from "../store/windows.ts";
import type { Segment } from "./plan.ts";
import { Slices } from "./slices.ts";

/** A row together with the stretch for which it was read: windows outside of it belong to another stretch. */
export interface FetchedRow {
  row: EndpointRow;
  segment: Segment;
}

/**
 * The rows that hold the windows of some endpoints in some stretches, by endpoint. Run it within one snapshot. With `slabs`,
 * the rows lie there, and last until they are reused.
 */
export async function fetchEndpointRows(
  connection: Snapshot,
  endpointIds: readonly number[],
  segments: readonly Segment[],
  slabs?: CopySlabs,
): Promise<Map<number, FetchedRow[]>> {
  const byEndpoint = new Map<number, FetchedRow[]>(endpointIds.map((id) => [id, []]));
  for (const segment of segments) {
    const { tier, fromSeconds, toSeconds } = segment;
    const range = { fromMs: fromSeconds * 1_000, toMs: toSeconds * 1_000 };
    for (const row of await copyEndpointRows(connection, { tier, endpointIds, ...range }, slabs))
      byEndpoint.get(row.endpointId)?.push({ row, segment });
  }
  return byEndpoint;
}

/** One window's histogram of one outcome: `bytes` from `start` to `end`. Reused between visits. */
export interface WindowPiece {
  atSeconds: number;
  /** Place in `OUTCOMES`. */
  outcome: number;
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** Visits every window in the stretches that the rows were read for, each sample exactly once. */
export async function eachWindow(
  rows: readonly FetchedRow[],
  slices: Slices,
  visit: (piece: Readonly<WindowPiece>) => void,
): Promise<void> {
  const piece: WindowPiece = { atSeconds: 0, outcome: 0, bytes: new Uint8Array(), start: 0, end: 0 };
  for (const { row, segment } of rows) {
    const { windowSeconds } = ENDPOINT_TIERS[row.tier]!;
    const spanSeconds = row.startMs / 1_000;
    // oxlint-disable-next-line max-params -- see VisitEndpointWindow; tens of thousands of calls a question
    eachEndpointWindow(row.payload, (offset, outcome, bytes, start, end) => {
      piece.atSeconds = spanSeconds + offset * windowSeconds;
      if (piece.atSeconds < segment.fromSeconds || piece.atSeconds >= segment.toSeconds) return;
      piece.outcome = outcome;
      piece.bytes = bytes;
      piece.start = start;
      piece.end = end;
      visit(piece);
    });
    if (slices.over) await slices.rest();
  }
}
