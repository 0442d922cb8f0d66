import { type ByteWriter, type Payload, type SeriesStore } from "../histogram/index.ts";
import type { Batch, BatchHeader, EndpointSeries, RecordedEndpoint, RecordedWindow } from "./batch.ts";
import { BatchWriter } from "./batch-writer.ts";
import { OUTCOMES } from "./names.ts";

/** The media type of the dense form, identity or gzip. */
export const BATCH_MEDIA_TYPE = "application/vnd.tailfill.batch";

/** The dense form of a batch, before gzip. It is also what the database keeps until the batch is folded. */
export function encodeBatch(batch: Batch): Uint8Array<ArrayBuffer> {
  const writer = new BatchWriter(batch, batch.losses);
  for (const endpoint of batch.endpoints) writeEndpoint(writer, endpoint);
  return writer.finish();
}

function writeEndpoint(writer: BatchWriter, endpoint: EndpointSeries): void {
  const payloads = OUTCOMES.map((outcome) => endpoint.outcomes[outcome]);
  writer.endpoint(endpoint.method, endpoint.route, { outcomeMask: maskOf(payloads), users: endpoint.users.length });
  for (const payload of payloads) {
    if (payload) writer.outcome(bytesOf(payload));
  }
  for (const user of endpoint.users) {
    writer.user(user.id, bytesOf(user.latency));
    writer.cache(user.hit && bytesOf(user.hit), user.miss && bytesOf(user.miss));
  }
}

function bytesOf(payload: Payload): (out: ByteWriter) => void {
  return (out) => out.append(payload);
}

/** How long a slice may take before the generator yields, in milliseconds. The clock is read every few series. */
const SLICE_MS = 2;
const SERIES_BETWEEN_LOOKS = 32;

/**
 * Encodes what the recorder handed over, yielding after about 2 ms of work each time, so that the caller can give the
 * event loop a turn. Sends `header.losses` when given, else the window's own. Names are taken as they are: the recorder
 * cleaned them.
 */
export function* encodeBatchInSlices(
  window: RecordedWindow,
  header: BatchHeader,
): Generator<void, Uint8Array<ArrayBuffer>> {
  const writer = new BatchWriter(header, header.losses ?? window.losses);
  const slice = new Slice();
  for (const endpoint of window.endpoints) {
    beginRecorded(writer, endpoint, window.series);
    for (const [id, series] of endpoint.users) {
      writer.user(id, (out) => window.series.write(series, out));
      if (endpoint.hits ?? endpoint.misses) writeParts(writer, endpoint, series, window.series);
      if (slice.isOver()) {
        yield;
        slice.restart();
      }
    }
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
  return writer.finish();
}

function beginRecorded(writer: BatchWriter, endpoint: RecordedEndpoint, series: SeriesStore): void {
  const recorded = endpoint.outcomes.map((number) => (number < 0 ? undefined : number));
  writer.endpoint(endpoint.method, endpoint.route, { outcomeMask: maskOf(recorded), users: endpoint.users.size });
  for (const number of recorded) {
    if (number !== undefined) writer.outcome((out) => series.write(number, out));
  }
}

/** The parts of a user's requests that used a cache. */
function writeParts(writer: BatchWriter, { hits, misses }: RecordedEndpoint, user: number, series: SeriesStore): void {
  const partOf = (number: number | undefined) =>
    number === undefined ? undefined : (out: ByteWriter) => series.write(number, out);
  writer.cache(partOf(hits?.get(user)), partOf(misses?.get(user)));
}

function maskOf(byOutcome: readonly unknown[]): number {
  return byOutcome.reduce<number>((mask, there, bit) => (there === undefined ? mask : mask | (1 << bit)), 0);
}

/** Tells when a slice of work has taken its time. */
class Slice {
  private untilMs = performance.now() + SLICE_MS;
  private looks = 0;

  isOver(): boolean {
    return ++this.looks % SERIES_BETWEEN_LOOKS === 0 && performance.now() >= this.untilMs;
  }

  restart(): void {
    this.untilMs = performance.now() + SLICE_MS;
  }
}
