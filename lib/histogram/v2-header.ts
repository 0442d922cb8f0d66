import { DecodeError } from "./decode-error.ts";
import { HIGHEST_US, SIGNIFICANT_DIGITS } from "./layout.ts";

/** The header of an HdrHistogram V2 encoding, big-endian:
 *
 * | offset | bytes | |
 * |---|---|---|
 * | 0 | 4 | cookie `0x1c849313` |
 * | 4 | 4 | payload length in bytes |
 * | 8 | 4 | normalizing index offset, ignored: the payload is always in the order of the buckets |
 * | 12 | 4 | significant digits |
 * | 16 | 8 | lowest discernible value |
 * | 24 | 8 | highest trackable value |
 * | 32 | 8 | integer-to-double ratio, a double |
 */
export const HEADER_LENGTH = 40;
const COOKIE = 0x1c84_9313;
const COMPRESSED_COOKIE = 0x1c84_9314;
/** The lowest four bits of the second-lowest byte carry a word size, which V2 does not use. */
const WORD_SIZE_BITS = 0xf0;

/** How a histogram that somebody else encoded lays out its buckets. */
export interface ForeignLayout {
  /** Buckets are 2^unitMagnitude wide at least. */
  unitMagnitude: number;
  /** A power of two is cut into 2^halfMagnitude buckets. */
  halfMagnitude: number;
  countsLength: number;
  /** What a bucket's value is multiplied by to be microseconds. */
  ratio: number;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether bytes begin as a compressed encoding does. Throws `DecodeError` when they begin as neither. */
export function isCompressed(bytes: Uint8Array): boolean {
  if (bytes.length < 8) throw new DecodeError("truncated");
  const cookie = (viewOf(bytes).getUint32(0) & ~WORD_SIZE_BITS) >>> 0;
  if (cookie === (COMPRESSED_COOKIE & ~WORD_SIZE_BITS) >>> 0) return true;
  if (cookie === (COOKIE & ~WORD_SIZE_BITS) >>> 0) return false;
  throw new DecodeError("cookie");
}

/** Writes the header of our own layout. */
export function writeHeader(into: Uint8Array, payloadLength: number): void {
  const view = viewOf(into);
  view.setUint32(0, COOKIE);
  view.setUint32(4, payloadLength);
  // hdr-histogram-js writes 1 here and below and ignores both when it reads. The C library does not: it would take
  // every count for its neighbour's. 0 and 1.0 are what Java writes, and every library reads them right.
  view.setUint32(8, 0);
  view.setUint32(12, SIGNIFICANT_DIGITS);
  view.setBigUint64(16, 1n);
  view.setBigUint64(24, BigInt(HIGHEST_US));
  view.setFloat64(32, 1);
}

/** The 8 bytes in front of a compressed encoding. */
export function writeCompressedHeader(into: Uint8Array, length: number): void {
  const view = viewOf(into);
  view.setUint32(0, COMPRESSED_COOKIE);
  view.setUint32(4, length);
}

/** Reads and checks the header of a plain encoding. Throws `DecodeError`; loops at most 64 times whatever it says. */
export function readHeader(bytes: Uint8Array): ForeignLayout {
  if (bytes.length < HEADER_LENGTH) throw new DecodeError("truncated");
  const view = viewOf(bytes);
  if (view.getUint32(4) !== bytes.length - HEADER_LENGTH) throw new DecodeError("length");
  const digits = view.getUint32(12);
  if (digits < 1 || digits > 3) throw new DecodeError("digits");
  const lowest = Number(view.getBigInt64(16));
  const highest = Number(view.getBigInt64(24));
  if (lowest < 1 || lowest > HIGHEST_US || highest < 2 * lowest) throw new DecodeError("range");
  const unitMagnitude = Math.floor(Math.log2(lowest));
  const halfMagnitude = [3, 4, 7, 10][digits]!;
  const countsLength = (bucketsFor(highest, unitMagnitude + halfMagnitude + 1) + 1) * 2 ** halfMagnitude;
  return { unitMagnitude, halfMagnitude, countsLength, ratio: readRatio(view) };
}

/** How many times the first bucket of 2^magnitude values must double to hold `highest`. */
function bucketsFor(highest: number, magnitude: number): number {
  let buckets = 1;
  for (let beyond = 2 ** magnitude; beyond <= highest; beyond *= 2) buckets++;
  return buckets;
}

/** Java, C and Go write the double 1.0, hdr-histogram-js the integer 1; both mean that values are as recorded. */
function readRatio(view: DataView): number {
  if (view.getBigUint64(32) <= 1n) return 1;
  const ratio = view.getFloat64(32);
  if (!(ratio >= 1e-12 && ratio <= 1e12)) throw new DecodeError("ratio");
  return ratio;
}
