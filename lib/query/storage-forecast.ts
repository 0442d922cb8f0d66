/**
 * What retention will do to the tables that are kept in partitions. Pure arithmetic. "At today's rate" means: each further day
 * adds what the last days added.
 */
const DAY_MS = 86_400_000;
/** So many of the latest partitions tell the rate: a week of days, two months. */
const RATE_PARTITIONS = { day: 7, month: 2 } as const;
/** Less than this tells no rate. */
const LEAST_DAYS = 1 / 24;

export interface KeptPartition {
  fromMs: number;
  toMs: number;
  bytes: number;
}

/** A partitioned table. */
export interface KeptTable {
  by: "day" | "month";
  /** How long after its end a partition is dropped. */
  dropAfterMs: number;
  /** Oldest first. */
  partitions: readonly KeptPartition[];
  /** When its data begin; `null` without any. */
  oldestMs: number | null;
}

export interface Rate {
  bytesPerDay: number;
  /** Days that were measured. */
  days: number;
}

/** What a day adds: by whole partitions of the past when there are any, else by what has come of the current ones. */
export function rateOf({ by, partitions, oldestMs }: KeptTable, nowMs: number): Rate | null {
  if (oldestMs === null) return null;
  const begun = partitions.filter(({ fromMs, toMs }) => fromMs < nowMs && toMs > oldestMs);
  const whole = begun.filter(({ fromMs, toMs }) => toMs <= nowMs && fromMs >= oldestMs);
  const measured = (whole.length > 0 ? whole : begun).slice(-RATE_PARTITIONS[by]);
  let [bytes, days] = [0, 0];
  for (const one of measured) {
    bytes += one.bytes;
    days += (Math.min(one.toMs, nowMs) - Math.max(one.fromMs, oldestMs)) / DAY_MS;
  }
  return days < LEAST_DAYS ? null : { bytesPerDay: bytes / days, days };
}

/** When a partition goes; retention looks every hour. */
export const dropMs = ({ dropAfterMs }: Pick<KeptTable, "dropAfterMs">, { toMs }: KeptPartition): number =>
  toMs + dropAfterMs;

/** The partition of a moment and of those before, from its start. */
function nextFrom(by: KeptTable["by"], fromMs: number): number {
  const at = new Date(fromMs);
  return by === "day" ? fromMs + DAY_MS : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/**
 * How large a table will be at a moment: what is there and not dropped by then, and what is written until then at its rate. The
 * partition that is written to now holds what it holds, and gets the rest.
 */
export function sizeAt(table: KeptTable, rate: Rate | null, { nowMs, atMs }: { nowMs: number; atMs: number }): number {
  let bytes = 0;
  for (const one of table.partitions) if (dropMs(table, one) > atMs) bytes += one.bytes;
  if (rate === null) return bytes;
  const first = table.partitions.find(({ fromMs, toMs }) => fromMs <= nowMs && toMs > nowMs)?.fromMs ?? nowMs;
  for (let fromMs = first; fromMs < atMs; fromMs = nextFrom(table.by, fromMs)) {
    const toMs = nextFrom(table.by, fromMs);
    if (toMs + table.dropAfterMs <= atMs) continue;
    const days = Math.max(0, Math.min(toMs, atMs) - Math.max(fromMs, nowMs)) / DAY_MS;
    bytes += days * rate.bytesPerDay;
  }
  return bytes;
}

/** Everything is as large as it gets once the oldest partition of the widest windows has come and gone, with two months to spare. */
const HORIZON_DAYS = 500;
/** Less than this is the ebb and flow of partitions. */
const LARGER = 1.001;

export interface Forecast {
  /** The largest that everything becomes together, and when that is reached. */
  fullBytes: number;
  fullMs: number;
  /** The largest that each table becomes, in the order given. */
  tableBytes: number[];
  /** When no room is left; `null`: not within what is kept, or the room is not known. */
  diskFullMs: number | null;
}

/**
 * Adds up what all tables become, day by day. `restBytes`: what does not go by partitions, taken to stay as it is. `roomBytes`: how
 * much more than now may be written; `null` when nobody knows.
 */
export function forecast(
  tables: readonly KeptTable[],
  { nowMs, restBytes, roomBytes }: { nowMs: number; restBytes: number; roomBytes: number | null },
): Forecast {
  const rates = tables.map((table) => rateOf(table, nowMs));
  const tableBytes = tables.map(({ partitions }) => sum(partitions.map(({ bytes }) => bytes)));
  const nowBytes = restBytes + sum(tableBytes);
  const found: Forecast = { fullBytes: nowBytes, fullMs: nowMs, tableBytes, diskFullMs: null };
  for (let day = 1; day <= HORIZON_DAYS; day++) {
    const atMs = nowMs + day * DAY_MS;
    const sizes = tables.map((table, place) => sizeAt(table, rates[place]!, { nowMs, atMs }));
    found.tableBytes = found.tableBytes.map((bytes, place) => Math.max(bytes, sizes[place]!));
    const bytes = restBytes + sum(sizes);
    if (bytes > found.fullBytes * LARGER) [found.fullBytes, found.fullMs] = [bytes, atMs];
    if (roomBytes !== null && found.diskFullMs === null && bytes - nowBytes > roomBytes) found.diskFullMs = atMs;
  }
  return found;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
