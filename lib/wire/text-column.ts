import { ByteWriter } from "../histogram/index.ts";

const encoder = new TextEncoder();

/** Appends a string as UTF-8 and returns the number of bytes. */
export function writeText(out: ByteWriter, text: string): number {
  out.ensure(text.length * 3);
  const start = out.at;
  const bytes = out.bytes;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return writeUnicode(out, text, start);
    bytes[start + at] = code;
  }
  out.at = start + text.length;
  return text.length;
}

function writeUnicode(out: ByteWriter, text: string, start: number): number {
  const { written } = encoder.encodeInto(text, out.bytes.subarray(start));
  out.at = start + written;
  return written;
}

const textScratch = new ByteWriter(1024);

/** Appends a string with its length in bytes in front. */
export function writeString(out: ByteWriter, text: string): void {
  textScratch.at = 0;
  out.varint(writeText(textScratch, text));
  out.append(textScratch.written());
}
