import { notOtlp } from "./not-otlp.ts";

/** Reads what came as JSON, or of protobuf in the same shape: numbers may be numbers, bigints or text. */
type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

/** A message; one that is left out has no fields. @throws TailfillError `not_otlp` */
export function fieldsOf(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return NOTHING;
  if (typeof value !== "object" || Array.isArray(value)) throw notOtlp(`\`${name}\` is no object`);
  return value as Fields;
}

/** A list; one that is left out is empty. @throws TailfillError `not_otlp` */
export function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw notOtlp(`\`${name}\` is no list`);
  return value;
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The id in lower-case hex; empty where there is none. */
export const idOf = (value: unknown): string => textOf(value).toLowerCase();

/** A finite number, or none. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "bigint" || isNumeral(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A whole number from 0 to 2^53 − 1, or none; what is left out is 0. */
export function countOf(value: unknown): number | undefined {
  const number = value === undefined || value === null ? 0 : numberOf(value);
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

const LAST_NS = 2n ** 63n;

/** Nanoseconds since 1970; 0 where there are none. */
export function nanosOf(value: unknown): bigint {
  if (typeof value === "bigint") return value < LAST_NS ? value : 0n;
  if (typeof value === "string" && /^\d{1,19}$/.test(value)) return nanosOf(BigInt(value));
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? BigInt(value) : 0n;
}

const isNumeral = (value: unknown): value is string =>
  typeof value === "string" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) && value.length < 64;
