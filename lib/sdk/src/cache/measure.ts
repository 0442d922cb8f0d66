/** Deeper than any value that is meant to be stored: it is a cycle. */
const DEEPEST = 500;

/**
 * About how many bytes a value takes as JSON. Throws a TypeError for what JSON cannot say or would lose without a word:
 * functions, symbols, BigInt, maps, sets, cycles. Dates are fine (a hit gives their text), and so is what has a `toJSON`.
 */
export function jsonBytes(value: unknown, depth = 0): number {
  switch (typeof value) {
    case "string":
      return Buffer.byteLength(value) + 2;
    case "number":
      return Number.isInteger(value) && value >= 0 && value < 1e6 ? digitsOf(value) : String(value).length;
    case "boolean":
      return value ? 4 : 5;
    case "undefined":
      return 0;
    case "object":
      return value === null ? 4 : objectBytes(value, depth);
    default:
      throw new TypeError(`a ${typeof value} cannot be stored`);
  }
}

function digitsOf(small: number): number {
  return small < 10 ? 1 : small < 1000 ? (small < 100 ? 2 : 3) : small < 10_000 ? 4 : small < 100_000 ? 5 : 6;
}

function objectBytes(value: object, depth: number): number {
  if (depth > DEEPEST) throw new TypeError("a value that contains itself cannot be stored");
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return jsonBytes(toJSON.call(value, ""), depth + 1);
  if (value instanceof Map || value instanceof Set) throw new TypeError("a Map or a Set cannot be stored");
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) bytes += jsonBytes(item, depth + 1) + 1;
    return bytes;
  }
  for (const name of Object.keys(value)) {
    bytes += name.length + 4 + jsonBytes((value as Record<string, unknown>)[name], depth + 1);
  }
  return bytes;
}
