import { ByteWriter, type Payload } from "../histogram/index.ts";

/**
 * How a row of the endpoint tables packs the windows of its span. After a version byte, one entry a window and outcome:
 *
 *   offset   1 byte    number of the window in the span, from 0
 *   outcome  1 byte    place in OUTCOMES
 *   length   varint    bytes that follow
 *   payload            the histogram
 *
 * Entries are sorted by offset, then outcome; entries of the same window and outcome add up.
 */
const VERSION = 1;

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
  const out = new ByteWriter(windows.reduce((sum, { payload }) => sum + payload.length + 5, 1));
  out.byte(VERSION);
  windows.sort((a, b) => a.offset - b.offset || a.outcome - b.outcome);
  for (const { offset, outcome, payload } of windows) {
    out.byte(offset);
    out.byte(outcome);
    out.varint(payload.length);
    out.append(payload);
  }
  return out.copy();
}

/**
 * Visits each window of a row: its number in the span, its outcome, and where its payload is (`bytes` from `start` to
 * `end`, as `addPayload` takes it). The bytes are our own: they are trusted.
 * @throws Error when the row was written in a form that this version does not know.
 */
export function eachEndpointWindow(bytes: Uint8Array, visit: VisitEndpointWindow): void {
  if (bytes[0] !== VERSION) throw new Error(`endpoint window of form ${bytes[0]}, this version reads ${VERSION}`);
  let at = 1;
  while (at < bytes.length) {
    const offset = bytes[at++]!;
    const outcome = bytes[at++]!;
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
