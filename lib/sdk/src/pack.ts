import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { encodeBatchInSlices, type BatchHeader, type RecordedWindow } from "../../wire/index.ts";
import { inSlices } from "./slices.ts";
import { halves } from "./split-window.ts";
import type { Outgoing } from "./transport.ts";

/** What the server takes in one body, on the wire and inflated, less a little. */
const MOST_WIRE_BYTES = 1024 * 1024 - 1024;
const MOST_INFLATED_BYTES = 8 * 1024 * 1024 - 1024;

/** Level 6 costs the app's machine twice the CPU for 2 % fewer bytes. */
const GZIP_LEVEL = 1;

const gzipOffThread = promisify(gzip);

export interface Packing {
  /** Makes the header of one batch, with an id of its own. */
  header: () => BatchHeader;
  /** Reported in the first batch. */
  losses: ReadonlyMap<string, number>;
}

/**
 * Turns a window into batches for the wire: one, unless it is too big for the server. Works in slices of about 2 ms,
 * compresses off the main thread.
 */
export async function packWindow(window: RecordedWindow, packing: Packing): Promise<Outgoing[]> {
  const encoded = await inSlices(encodeBatchInSlices(window, { ...packing.header(), losses: packing.losses }));
  const body = await gzipOffThread(encoded, { level: GZIP_LEVEL });
  const fits = body.byteLength <= MOST_WIRE_BYTES && encoded.byteLength <= MOST_INFLATED_BYTES;
  const parts = fits ? null : halves(window);
  if (parts === null) return [{ body, samples: window.samples, losses: packing.losses }];
  const [first, second] = parts;
  return [
    ...(await packWindow(first, packing)),
    ...(await packWindow(second, { header: packing.header, losses: new Map() })),
  ];
}
