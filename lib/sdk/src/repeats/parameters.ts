/** More parameters are compared by these and by their number. */
const MOST = 16;
const MOST_CHARACTERS = 64;
const PRIME = 0x01000193;

/** A number that differs for other parameters, as a rule: it tells whether the same was asked before. Keeps nothing of them. */
export function hashOfParameters(parameters: readonly unknown[] | undefined, text: string): number {
  // Values that are written into the text make it another one.
  if (parameters === undefined || parameters.length === 0) return hashText(0x811c9dc5, text);
  let hash = 0x811c9dc5 ^ parameters.length;
  for (let at = 0; at < parameters.length && at < MOST; at++) hash = hashValue(hash, parameters[at]);
  return hash >>> 0;
}

function hashValue(hash: number, value: unknown): number {
  if (typeof value === "string") return hashText(hash, value);
  if (typeof value === "number") return hashNumber(hash, value);
  if (typeof value === "bigint") return hashText(hash, String(value));
  if (value instanceof Date) return hashNumber(hash, value.getTime());
  if (value === null || value === undefined) return mix(hash, 7);
  if (typeof value === "boolean") return mix(hash, value ? 11 : 13);
  return hashObject(hash, value);
}

function hashNumber(hash: number, value: number): number {
  return mix(mix(hash, value | 0), (value / 0x1_0000_0000) | 0 || (Number.isInteger(value) ? 0 : (value * 1e6) | 0));
}

function hashText(hash: number, text: string): number {
  let mixed = mix(hash, text.length);
  const length = Math.min(text.length, MOST_CHARACTERS);
  for (let at = 0; at < length; at++) mixed = mix(mixed, text.charCodeAt(at));
  // Texts with values in them differ at their end, as a rule.
  for (let at = Math.max(length, text.length - MOST_CHARACTERS); at < text.length; at++)
    mixed = mix(mixed, text.charCodeAt(at));
  return mixed;
}

function hashObject(hash: number, value: unknown): number {
  if (Array.isArray(value)) return value.slice(0, MOST).reduce<number>(hashValue, mix(hash, value.length));
  if (ArrayBuffer.isView(value)) return mix(hash, value.byteLength);
  return mix(hash, 17);
}

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, PRIME);
}
