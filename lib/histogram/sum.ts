import { ByteWriter } from "./byte-writer.ts";
import { COUNTS_LENGTH, newCounts } from "./layout.ts";
import { addPayload, encodePayload, type Payload, writeBucket } from "./payload.ts";
import { addTight, isTight } from "./tight.ts";
import { cursor, readNumber } from "./zigzag.ts";

/** Where a TRUSTED payload lies in a larger buffer. */
export interface PayloadRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** From here on, adding to dense counts and encoding them once is cheaper than merging one after another. */
const DENSE_FROM_PARTS = 6;
const DENSE_FROM_BYTES = 800;

/**
 * The payload of the sum of several TRUSTED payloads, tight or not; the sum never is tight. A few short ones are merged as they lie, bucket by bucket, without
 * building a histogram; many or long ones go through dense counts. Either way the bytes are the same, and nobody else's.
 */
export function sumPayloads(parts: readonly PayloadRange[]): Payload {
  const [first, second] = parts;
  if (first === undefined) return new Uint8Array(0);
  if (second === undefined && !isTight(first)) return copied(first);
  if (parts.length >= DENSE_FROM_PARTS || bytesOf(parts) > DENSE_FROM_BYTES || parts.some(isTight))
    return sumDense(parts);
  let sum: PayloadRange = first;
  let spare = 0;
  for (let index = 1; index < parts.length; index++) {
    const out = scratch[spare]!;
    spare = 1 - spare;
    sum = merged(sum, parts[index]!, out);
  }
  return copied(sum);
}

/** Bytes of its own: `slice` of a Buffer, which is what the database gives, would point into the Buffer. */
function copied({ bytes, start, end }: PayloadRange): Payload {
  return new Uint8Array(bytes.subarray(start, end));
}

const scratch = [new ByteWriter(1024), new ByteWriter(1024)] as const;
const dense = newCounts();

function bytesOf(parts: readonly PayloadRange[]): number {
  let bytes = 0;
  for (const { start, end } of parts) bytes += end - start;
  return bytes;
}

function sumDense(parts: readonly PayloadRange[]): Payload {
  dense.fill(0);
  for (const part of parts)
    if (isTight(part)) addTight(dense, part);
    else addPayload(dense, part.bytes, part.start, part.end);
  return encodePayload(dense);
}

function merged(a: PayloadRange, b: PayloadRange, out: ByteWriter): PayloadRange {
  out.at = 0;
  const one = left.open(a);
  const other = right.open(b);
  let next = 0;
  while (one.index < COUNTS_LENGTH || other.index < COUNTS_LENGTH) {
    const index = Math.min(one.index, other.index);
    const count = (one.index === index ? one.count : 0) + (other.index === index ? other.count : 0);
    writeBucket(out, index - next, count);
    next = index + 1;
    if (one.index === index) one.next();
    if (other.index === index) other.next();
  }
  return { bytes: out.bytes, start: 0, end: out.at };
}

/** Walks over the used buckets of a payload. */
class BucketCursor {
  /** The current bucket; COUNTS_LENGTH behind the last. */
  index = 0;
  count = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;

  open(range: PayloadRange): this {
    this.bytes = range.bytes;
    this.at = range.start;
    this.end = range.end;
    this.index = -1;
    this.next();
    return this;
  }

  next(): void {
    let index = this.index + 1;
    while (this.at < this.end) {
      const number = readNumber(this.bytes, this.at);
      this.at = cursor.at;
      if (number > 0) {
        this.index = index;
        this.count = number;
        return;
      }
      index += number < 0 ? -number : 1;
    }
    this.index = COUNTS_LENGTH;
    this.count = 0;
  }
}

const left = new BucketCursor();
const right = new BucketCursor();
