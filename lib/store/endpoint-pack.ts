import { ByteWriter, type Payload, tightened } from "../histogram/index.ts";

/**
 * How a row of the endpoint tables packs the windows of its span. After a version byte, one entry a window and outcome:
 *
 *   offset   1 byte    number of the window in the span, from 0
 *   outcome  1 byte    place in OUTCOMES
 *   length   varint    bytes that follow
 *   payload            the histogram
 *
 * Entries are sorted by offset, then outcome; entries of the same window and outcome add up. In a row that is kept for long,
 * payloads are in their tight form where that is shorter, and offset and outcome share a byte.
 */
const PLAIN = 1;
const KEPT = 2;
/** Outcomes that the shared byte has room for. */
const OUTCOMES_IN_BYTE = 4;

export interface EndpointWindow {
  /** Number of the window in the row's span, from 0. */
  offset: number;
  /** Place of the outcome in `OUTCOMES`. */
  outcome: number;
  payload: Payload;
}

/** Called for every window of every row that a question reads: an object a call would cost more than the reading. */
// oxlint-disable-next-line max-params
export type VisitEndpointWindow = (
  offset: number,
  outcome: number,
  bytes: Uint8Array,
  start: number,
  end: number,
) => void;

/** Packs the windows of one span into a row's bytes. Sorts `windows` in place. */
export function packEndpoint(windows: EndpointWindow[]): Uint8Array<ArrayBuffer> {
  const out = begin(windows, PLAIN);
  for (const { offset, outcome, payload } of windows) {
    out.byte(offset);
    out.byte(outcome);
    out.varint(payload.length);
    out.append(payload);
  }
  return out.copy();
}

/** As `packEndpoint`, in less than half of the bytes and ten times the time: for rows that stay. */
export function packKeptEndpoint(windows: EndpointWindow[]): Uint8Array<ArrayBuffer> {
  const out = begin(windows, KEPT);
  for (const { offset, outcome, payload } of windows) {
    const tight = tightened(payload);
    out.byte(offset * OUTCOMES_IN_BYTE + outcome);
    out.varint(tight.length);
    out.append(tight);
  }
  return out.copy();
}

function begin(windows: EndpointWindow[], version: number): ByteWriter {
  const out = new ByteWriter(windows.reduce((sum, { payload }) => sum + payload.length + 5, 1));
  out.byte(version);
  windows.sort((a, b) => a.offset - b.offset || a.outcome - b.outcome);
  return out;
}

/**
 * Visits each window of a row: its number in the span, its outcome, and where its payload is (`bytes` from `start` to
 * `end`, as `addUsed` and `sumPayloads` take it). The bytes are our own: they are trusted.
 * @throws Error when the row was written in a form that this version does not know.
 */
export function eachEndpointWindow(bytes: Uint8Array, visit: VisitEndpointWindow): void {
  const version = bytes[0]!;
  if (version !== PLAIN && version !== KEPT)
    throw new Error(`endpoint window of form ${version}, this version reads ${PLAIN} and ${KEPT}`);
  let at = 1;
  while (at < bytes.length) {
    let offset = bytes[at++]!;
    let outcome: number;
    if (version === PLAIN) outcome = bytes[at++]!;
    else {
      outcome = offset % OUTCOMES_IN_BYTE;
      offset = (offset - outcome) / OUTCOMES_IN_BYTE;
    }
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    visit(offset, outcome, bytes, at, at + length);
    at += length;
  }
}
