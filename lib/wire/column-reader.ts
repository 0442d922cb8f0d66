import { WireError } from "./wire-error.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads a stretch of bytes from front to back. Whatever would read beyond its end throws `WireError("truncated")`. */
export class ColumnReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    if (end > bytes.length) throw new WireError("truncated");
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw new WireError("truncated");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 number, 0…2^53 − 1. */
  varint(): number {
    const first = this.byte();
    return first < 128 ? first : this.longVarint(first & 127);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.at;
    if (length > this.end - start) throw new WireError("truncated");
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  /** A string with its length in bytes in front. Bytes that are no UTF-8 become U+FFFD. */
  string(): string {
    return decoder.decode(this.take(this.varint()));
  }

  private longVarint(low: number): number {
    let value = low;
    for (let scale = 128; scale <= 2 ** 49; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return checked(value);
    }
    throw new WireError("truncated");
  }
}

function checked(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw new WireError("truncated");
  return value;
}

/** The strings whose lengths in bytes are in one column and whose text is in another, as many as there are lengths. */
export function readTexts(lengths: ColumnReader, text: ColumnReader, most: number): string[] {
  const bytes = text.take(text.left);
  const all = decoder.decode(bytes);
  // As many characters as bytes: each byte is a character of its own, and cutting the text cuts the bytes.
  const simple = all.length === bytes.length;
  const texts: string[] = [];
  let start = 0;
  while (lengths.left > 0) {
    if (texts.length === most) throw new WireError("users");
    const end = start + lengths.varint();
    if (end > bytes.length) throw new WireError("truncated");
    texts.push(simple ? all.slice(start, end) : decoder.decode(bytes.subarray(start, end)));
    start = end;
  }
  if (start !== bytes.length) throw new WireError("truncated");
  return texts;
}
