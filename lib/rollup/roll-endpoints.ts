import { sumPayloads } from "../histogram/index.ts";
import { eachEndpointWindow, type EndpointWindow, packEndpoint, packKeptEndpoint } from "../store/endpoint-pack.ts";
import type { WindowTable } from "../store/tiers.ts";
import type { EndpointPart, StoredRow } from "../store/window-parts.ts";
import { getOrAdd } from "./get-or-add.ts";
import { floorTo, offsetOf, outcomeOf, type SpanWindows, windowKey } from "./spans.ts";
import type { Pace } from "./pace.ts";

/** What a roll-up writes: the parts of a group made one, and what the next tier has to add. */
export interface Rolled<Part> {
  compacted: Part[];
  /** Nothing for the last tier. */
  handedOn: Part[];
}

/** Makes one part of all rows of each span, and hands the rows not rolled up yet on to the next tier. */
export async function rollEndpoints(
  groups: readonly (readonly StoredRow[])[],
  tiers: { tier: WindowTable; next: WindowTable | undefined },
  pace: Pace,
): Promise<Rolled<EndpointPart>> {
  const compacted: EndpointPart[] = [];
  const next = new Map<string, NextSpan>();
  for (const rows of groups) {
    const { endpointId, startMs } = rows[0]!;
    const windows: SpanWindows = new Map();
    for (const row of rows) gather(windows, row.payload);
    compacted.push({ endpointId, startMs, rolled: true, payload: packKeptEndpoint(await added(windows, pace)) });
    if (tiers.next === undefined) continue;
    for (const row of rows) if (!row.rolled) handOn(next, row, { tier: tiers.tier, next: tiers.next });
    await pace.rest();
  }
  const handedOn: EndpointPart[] = [];
  for (const { endpointId, startMs, windows } of next.values())
    handedOn.push({ endpointId, startMs, rolled: false, payload: packEndpoint(await added(windows, pace)) });
  return { compacted, handedOn };
}

interface NextSpan {
  endpointId: number;
  startMs: number;
  windows: SpanWindows;
}

function gather(windows: SpanWindows, payload: Uint8Array): void {
  // oxlint-disable-next-line max-params -- see VisitEndpointWindow
  eachEndpointWindow(payload, (offset, outcome, bytes, start, end) =>
    getOrAdd(windows, windowKey(offset, outcome), () => []).push({ bytes, start, end }),
  );
}

/** Adds a row to the wider windows that hold its own. */
function handOn(
  spans: Map<string, NextSpan>,
  row: StoredRow,
  { tier, next }: { tier: WindowTable; next: WindowTable },
): void {
  const { endpointId } = row;
  const startMs = floorTo(row.startMs, next.spanSeconds);
  const { windows } = getOrAdd(spans, `${endpointId} ${startMs}`, () => ({ endpointId, startMs, windows: new Map() }));
  // oxlint-disable-next-line max-params -- see VisitEndpointWindow
  eachEndpointWindow(row.payload, (offset, outcome, bytes, start, end) => {
    const atMs = row.startMs + offset * tier.windowSeconds * 1000;
    const nextOffset = Math.floor((atMs - startMs) / (next.windowSeconds * 1000));
    getOrAdd(windows, windowKey(nextOffset, outcome), () => []).push({ bytes, start, end });
  });
}

async function added(windows: SpanWindows, pace: Pace): Promise<EndpointWindow[]> {
  const sums: EndpointWindow[] = [];
  for (const [key, payloads] of windows) {
    sums.push({ offset: offsetOf(key), outcome: outcomeOf(key), payload: sumPayloads(payloads) });
    await pace.rest();
  }
  return sums;
}
