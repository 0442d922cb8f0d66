import { ByteWriter } from "../histogram/index.ts";
import { WireError } from "./wire-error.ts";

/** Some dense batches one after another, each behind its length. */
export function packBatches(batches: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(batches.reduce((sum, { length }) => sum + length + 8, 0));
  for (const batch of batches) {
    out.varint(batch.length);
    out.append(batch);
  }
  return out.copy();
}

/** The batches of such a list, where they lie. @throws WireError when it is none */
export function unpackBatches(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 35) throw new WireError("truncated");
      length += (byte & 127) * scale;
      if (byte < 128) break;
    }
    if (length > bytes.length - at) throw new WireError("truncated");
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
