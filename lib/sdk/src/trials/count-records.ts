/** An answer may be large: from here on it is large enough. */
const MOST = 1_000;

/** Records of an answer, with those of its relations; 1,000 for 1,000 and more. */
export function countRecords(answer: unknown): number {
  const waiting: unknown[] = [answer];
  let records = 0;
  while (waiting.length > 0 && records < MOST) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length && at < MOST; at++) if (isRecordLike(value[at])) waiting.push(value[at]);
    } else if (isRecordLike(value)) {
      records++;
      for (const field of Object.values(value)) if (isRecordLike(field)) waiting.push(field);
    }
  }
  return records;
}

/** A list, or an object that is no value of a column. */
function isRecordLike(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
