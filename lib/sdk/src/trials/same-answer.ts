/** What of a query decides whether the order of an answer means something. */
interface Asked {
  orderBy?: unknown;
  take?: unknown;
  skip?: unknown;
  cursor?: unknown;
  distinct?: unknown;
  include?: Record<string, unknown> | null;
  select?: Record<string, unknown> | null;
}

/** Whether both strategies must answer alike: without an order, the database may choose which rows `take` leaves. */
export function isComparable(args: unknown): boolean {
  const { orderBy, take, skip, cursor, distinct } = askedOf(args);
  const chooses = [take, skip, cursor, distinct].some((each) => each !== undefined);
  return (orderBy !== undefined || !chooses) && [...relationsOf(args)].every(([, inner]) => isComparable(inner));
}

/** Whether two answers say the same: rows of lists without an order may come in any. */
export function isSameAnswer(one: unknown, other: unknown, args: unknown): boolean {
  return written(one, args) === written(other, args);
}

/** As text: equal for equal answers. */
function written(value: unknown, args: unknown): string {
  if (Array.isArray(value)) {
    const rows = value.map((row) => written(row, args));
    return `[${(askedOf(args).orderBy === undefined ? rows.sort() : rows).join()}]`;
  }
  if (!isPlain(value)) return writtenValue(value);
  const relations = new Map(relationsOf(args));
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${name}:${written(field, relations.get(name) ?? ORDERED)}`).join()}}`;
}

/** Lists that are no relations, as of scalars, are in their order. */
const ORDERED: Asked = { orderBy: {} };

function writtenValue(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
  return JSON.stringify(value) ?? "undefined";
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function askedOf(args: unknown): Asked {
  return typeof args === "object" && args !== null ? args : {};
}

/** The relations that are asked for, with what is asked of each. */
export function* relationsOf(args: unknown): Generator<[name: string, inner: unknown]> {
  const { include, select } = askedOf(args);
  for (const [name, inner] of Object.entries({ ...select, ...include })) {
    if (inner !== undefined && inner !== false && inner !== null) yield [name, inner === true ? {} : inner];
  }
}
