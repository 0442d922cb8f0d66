import { deflateSync, inflateSync } from "node:zlib";
import { checkPayload } from "./check.ts";
import { DecodeError } from "./decode-error.ts";
import type { Payload } from "./payload.ts";
import { type Rebucketed, rebucket } from "./rebucket.ts";
import {
  type ForeignLayout,
  HEADER_LENGTH,
  isCompressed,
  readHeader,
  viewOf,
  writeCompressedHeader,
  writeHeader,
} from "./v2-header.ts";

const COMPRESSED_HEADER_LENGTH = 8;
/** The longest plain encoding whose counts can add up to 2^53 − 1: about 6 bytes for each of 55,296 buckets. */
const LONGEST_PLAIN = 340_000;
/** Deflate makes no more than this many bytes of one. */
const HIGHEST_RATIO = 1032;

/**
 * The plain HdrHistogram V2 encoding of a payload. The counts are byte for byte what hdr-histogram-js writes; an empty
 * histogram has one zero there, as it has.
 */
export function encodeV2(payload: Payload): Uint8Array<ArrayBuffer> {
  const length = Math.max(payload.length, 1);
  const bytes = new Uint8Array(HEADER_LENGTH + length);
  writeHeader(bytes, length);
  bytes.set(payload, HEADER_LENGTH);
  return bytes;
}

/** The compressed (zlib) HdrHistogram V2 encoding of a payload. In base64, it is what other HdrHistogram libraries read. */
export function encodeV2Compressed(payload: Payload): Uint8Array<ArrayBuffer> {
  const deflated = deflateSync(encodeV2(payload));
  const bytes = new Uint8Array(COMPRESSED_HEADER_LENGTH + deflated.length);
  writeCompressedHeader(bytes, deflated.length);
  bytes.set(deflated, COMPRESSED_HEADER_LENGTH);
  return bytes;
}

/**
 * The payload of an UNTRUSTED HdrHistogram V2 encoding, plain or compressed, of 1 to 3 significant digits and of any
 * lowest and highest value, re-bucketed into our layout: see `rebucket.ts`. Throws `DecodeError` before it does any work
 * that the input could make large.
 */
export function decodeV2(bytes: Uint8Array): Payload {
  return decodeHistogram(bytes).payload;
}

/** How many bytes the histograms of one request may inflate to, together. What they do is taken off. */
export interface InflateBudget {
  bytesLeft: number;
}

/**
 * As `decodeV2`, with the number of samples, and of those above the layout's range, which were clamped to its highest value. With a
 * budget, histograms that inflate beyond it are refused with the reason `compression`. `unitUs`: what a unit of its values is in
 * microseconds, 0.001 where they are nanoseconds.
 */
export function decodeHistogram(bytes: Uint8Array, budget?: InflateBudget, unitUs = 1): Rebucketed {
  const plain = isCompressed(bytes) ? inflate(bytes, budget) : bytes;
  if (isCompressed(plain)) throw new DecodeError("cookie");
  if (plain.length > LONGEST_PLAIN) throw new DecodeError("length");
  const layout = readHeader(plain);
  layout.ratio *= unitUs;
  const counts = plain.subarray(HEADER_LENGTH);
  const count = isOurs(layout) ? countOfCanonical(counts) : null;
  return count === null ? rebucket(counts, layout) : { payload: new Uint8Array(counts), count, overRange: 0 };
}

function inflate(bytes: Uint8Array, budget: InflateBudget = { bytesLeft: LONGEST_PLAIN }): Uint8Array {
  if (viewOf(bytes).getUint32(4) !== bytes.length - COMPRESSED_HEADER_LENGTH) throw new DecodeError("length");
  const maxOutputLength = Math.min(LONGEST_PLAIN, budget.bytesLeft);
  if (maxOutputLength <= 0) throw new DecodeError("compression");
  try {
    const plain = inflateSync(bytes.subarray(COMPRESSED_HEADER_LENGTH), { maxOutputLength });
    budget.bytesLeft -= plain.length;
    return plain;
  } catch {
    // How much was inflated before it failed is not told; it may have been as much as deflate can do, or was allowed.
    budget.bytesLeft -= Math.min(maxOutputLength, bytes.length * HIGHEST_RATIO);
    throw new DecodeError("compression");
  }
}

/** Same buckets as ours, whatever the highest value: the counts can be taken as they are. */
function isOurs(layout: ForeignLayout): boolean {
  return layout.unitMagnitude === 0 && layout.halfMagnitude === 7 && layout.ratio === 1;
}

/** The number of samples of counts in a payload's one form; `null`: they are read the long way, which judges them. */
function countOfCanonical(counts: Uint8Array): number | null {
  try {
    return checkPayload(counts);
  } catch {
    return null;
  }
}
