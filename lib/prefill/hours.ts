const HOUR_MS = 3_600_000;
/** The epoch was a Thursday; weeks are counted from Monday 00:00 UTC. */
const MONDAY_HOURS = 72;
export const HOURS_OF_WEEK = 168;

/** The hour of the week in UTC, 0 = Monday 00:00, as plans count it. */
export function hourOfWeek(wallMs: number): number {
  const hours = Math.floor(wallMs / HOUR_MS) + MONDAY_HOURS;
  return ((hours % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}

/** Kinds of hours that are told apart: the 24 of a working day, and the 24 of a Saturday or Sunday. */
export const KINDS_OF_HOURS = 48;
const FRIDAY_ENDS = 120;

/** The kind of an hour of the week. */
export const kindOf = (hour: number): number => (hour % 24) + (hour < FRIDAY_ENDS ? 0 : 24);

/** The kind of the hour that a time lies in. */
export const kindAt = (wallMs: number): number => kindOf(hourOfWeek(wallMs));

/** Share of a week's hours that are of a kind. */
export const shareOfKind = (kind: number): number => (kind < 24 ? 5 : 2) / HOURS_OF_WEEK;

/** Hours as the average that a kind's own are drawn towards: one hour that was quiet by chance makes no quiet kind. */
const PSEUDO_HOURS = 1;

/** How much busier than an average hour each kind is: 1 on average over the week. */
export type Busy = Float64Array;

export const ALIKE: Busy = new Float64Array(KINDS_OF_HOURS).fill(1);

/**
 * @param visits by hour of the week
 * @param span what was looked at, so that an hour that was not looked at is no quiet one
 */
export function busyHours(visits: ArrayLike<number>, span: { fromMs: number; toMs: number }): Busy {
  const counts = new Float64Array(KINDS_OF_HOURS);
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) counts[kindOf(hour)]! += visits[hour] ?? 0;
  const looked = kindsLookedAt(span);
  const hours = looked.reduce((sum, each) => sum + each, 0);
  const all = counts.reduce((sum, each) => sum + each, 0);
  if (all === 0 || hours <= 0) return ALIKE;
  const rates = counts.map((count, kind) => (count + (PSEUDO_HOURS * all) / hours) / (looked[kind]! + PSEUDO_HOURS));
  const mean = rates.reduce((sum, rate, kind) => sum + rate * shareOfKind(kind), 0);
  return rates.map((rate) => rate / mean);
}

/** By hour of the week, how many of it were looked at. */
export type Looked = Float64Array;

export function hoursLookedAt({ fromMs, toMs }: { fromMs: number; toMs: number }): Looked {
  const looked = new Float64Array(HOURS_OF_WEEK);
  for (let atMs = fromMs; atMs < toMs;) {
    const endMs = Math.min(toMs, (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS);
    looked[hourOfWeek(atMs)]! += (endMs - atMs) / HOUR_MS;
    atMs = endMs;
  }
  return looked;
}

function kindsLookedAt(span: { fromMs: number; toMs: number }): Float64Array {
  const kinds = new Float64Array(KINDS_OF_HOURS);
  for (const [hour, times] of hoursLookedAt(span).entries()) kinds[kindOf(hour)]! += times;
  return kinds;
}
