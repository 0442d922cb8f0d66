import { crc32, inflateRawSync } from "node:zlib";
import { TailfillError } from "../errors.ts";

const HEADER = 10;
const TRAILER = 8;
const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED = 0xe0;

/**
 * Inflates a gzip body of exactly one member. Work and memory end at `mostBytes`, whatever the body claims.
 * node:zlib would take several members and ignore what follows the last; both are refused here, so that the
 * bytes that were sent and those that are stored can be told from each other by one digest.
 * @throws TailfillError `too_large`, `unsupported_encoding`
 */
export function inflateGzip(body: Uint8Array, mostBytes: number): Uint8Array {
  const start = endOfHeader(body);
  const { bytes, consumed } = inflateRaw(body.subarray(start), mostBytes);
  const end = start + consumed;
  if (body.length !== end + TRAILER) throw notGzip("something follows the first gzip member, or its end is missing");
  const trailer = new DataView(body.buffer, body.byteOffset + end, TRAILER);
  if (trailer.getUint32(0, true) !== crc32(bytes)) throw notGzip("the checksum does not fit");
  if (trailer.getUint32(4, true) !== bytes.length) throw notGzip("the length does not fit");
  return bytes;
}

function inflateRaw(deflated: Uint8Array, mostBytes: number): { bytes: Uint8Array; consumed: number } {
  try {
    // With `info` the answer has this shape; the types of Node.js do not say so.
    const answer = inflateRawSync(deflated, { info: true, maxOutputLength: mostBytes }) as unknown;
    const { buffer, engine } = answer as { buffer: Uint8Array; engine: { bytesWritten: number } };
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new TailfillError("too_large", `The body inflates to more than ${mostBytes} bytes.`);
    throw notGzip("the compressed data are damaged");
  }
}

function endOfHeader(body: Uint8Array): number {
  const flags = body[3] ?? 0;
  if (body.length < HEADER + TRAILER || body[0] !== 0x1f || body[1] !== 0x8b || body[2] !== 8 || flags & RESERVED)
    throw notGzip("the header is not one of gzip");
  let at = HEADER;
  if (flags & HAS_EXTRA) at += 2 + body[at]! + body[at + 1]! * 256;
  if (flags & HAS_NAME) at = behindZero(body, at);
  if (flags & HAS_COMMENT) at = behindZero(body, at);
  if (flags & HAS_CHECKSUM) at += 2;
  if (at > body.length - TRAILER) throw notGzip("the header does not end");
  return at;
}

function behindZero(body: Uint8Array, start: number): number {
  const zero = body.indexOf(0, start);
  return zero < 0 ? body.length : zero + 1;
}

const notGzip = (why: string): TailfillError =>
  new TailfillError("unsupported_encoding", `Content-Encoding says gzip, but ${why}.`);
