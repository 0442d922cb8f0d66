import { DecodeError } from "./decode-error.ts";

/** More text than any histogram needs. */
const LONGEST_BASE64 = 460_000;

/** The bytes of base64 text. Throws `DecodeError` for anything else. */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== "string" || value.length > LONGEST_BASE64) throw new DecodeError("base64");
  const bytes = Buffer.from(value, "base64");
  // Node skips what is not base64; fewer bytes than the text has room for tell that it did.
  const characters = value.length - (value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0);
  if (bytes.length !== Math.floor((characters * 3) / 4)) throw new DecodeError("base64");
  return bytes;
}
