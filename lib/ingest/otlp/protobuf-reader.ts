import { notOtlp } from "./not-otlp.ts";

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** Reads the protobuf wire format from front to back. Whatever would read beyond the end is refused before it is read. */
export class ProtobufReader {
  private readonly buffer: Buffer;

  constructor(
    bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** An unsigned number of up to 64 bits; one above 2^53 − 1 as a bigint. */
  varint(): number | bigint {
    const start = this.at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      if (this.at - start > 7) return this.longVarint(start);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** A length or a field's key: a small number. */
  small(): number {
    const value = this.varint();
    if (typeof value === "bigint" || value > 0xffff_ffff) throw notOtlp("a length or a field's number is too large");
    return value;
  }

  fixed64(): bigint {
    return this.buffer.readBigUInt64LE(this.skip(8));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.skip(8));
  }

  /** A part of its own, of the length that stands in front of it. */
  part(): ProtobufReader {
    const start = this.skip(this.small());
    return new ProtobufReader(this.buffer, start, this.at);
  }

  /** What is left, as text: what is no UTF-8 becomes U+FFFD. */
  text(): string {
    return this.buffer.toString("utf8", this.at, this.end);
  }

  hex(): string {
    return this.buffer.toString("hex", this.at, this.end);
  }

  /** Passes over a value. Groups, which proto3 does not have, are refused. */
  pass(wireType: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === FIXED64) this.skip(8);
    else if (wireType === BYTES) this.skip(this.small());
    else if (wireType === FIXED32) this.skip(4);
    else throw notOtlp("a field has a wire type that is none");
  }

  private byte(): number {
    return this.buffer[this.skip(1)]!;
  }

  /** Moves on by so many bytes and returns where they begin. */
  private skip(length: number): number {
    if (length > this.end - this.at) throw notOtlp("it ends inside a field");
    const start = this.at;
    this.at += length;
    return start;
  }

  private longVarint(start: number): bigint {
    this.at = start;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw notOtlp("a number has more than 64 bits");
  }
}
