import { cleanName } from "./names.ts";

export type JsonObject = Record<string, unknown>;

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
