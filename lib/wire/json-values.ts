import { DecodeError } from "../histogram/index.ts";
import { cleanName } from "./names.ts";

export type JsonObject = Record<string, unknown>;

/** More text than any histogram needs. */
const LONGEST_BASE64 = 460_000;

/** An object's own member: what a prototype has is not the sender's. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function listOf(value: unknown): unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** A name as it is stored; empty when it is none. */
export function nameOf(value: unknown): string {
  return typeof value === "string" ? cleanName(value) : "";
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The bytes of base64 text. Throws `DecodeError` for anything else. */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== "string" || value.length > LONGEST_BASE64) throw new DecodeError("base64");
  const bytes = Buffer.from(value, "base64");
  // Node skips what is not base64; fewer bytes than the text has room for tell that it did.
  const characters = value.length - (value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0);
  if (bytes.length !== Math.floor((characters * 3) / 4)) throw new DecodeError("base64");
  return bytes;
}
