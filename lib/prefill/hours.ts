const HOUR_MS = 3_600_000;
/** The epoch was a Thursday; weeks are counted from Monday 00:00 UTC. */
const MONDAY_OFFSET_HOURS = 72;
export const HOURS_OF_WEEK = 168;

/** The hour of the week in UTC, 0 = Monday 00:00, as plans count it. */
export function hourOfWeek(wallMs: number): number {
  const hours = Math.floor(wallMs / HOUR_MS) + MONDAY_OFFSET_HOURS;
  return ((hours % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}

/** Kinds of hours that are told apart: the 24 of a working day, and the 24 of a Saturday or Sunday. */
export const SLOTS = 48;
const FRIDAY_ENDS = 120;

export function slotOf(hour: number): number {
  return (hour % 24) + (hour < FRIDAY_ENDS ? 0 : 24);
}

/** Share of a week's hours that are of a kind. */
export function slotShare(slot: number): number {
  return (slot < 24 ? 5 : 2) / HOURS_OF_WEEK;
}

/** Parts of an hour's own visits and of either neighbour's: habits are not kept to the minute. */
const OWN = 0.5;
const NEIGHBOUR = 0.25;
/** Visits by which one's own hours are drawn towards everybody's. */
const PSEUDO_VISITS = 8;

/**
 * How much busier than the average each kind of hour is: 1 on average over the week.
 *
 * @param visits by hour of the week, as pairs of hour and visits in turn
 * @param common what it is drawn towards; without it, every hour alike
 */
export function busyHours(visits: ArrayLike<number>, common?: ArrayLike<number>): Float32Array {
  const counts = new Float64Array(SLOTS);
  let all = 0;
  for (let at = 0; at + 1 < visits.length; at += 2) {
    counts[slotOf(visits[at]!)]! += visits[at + 1]!;
    all += visits[at + 1]!;
  }
  return Float32Array.from(counts, (_, slot) => {
    const day = slot < 24 ? 0 : 24;
    const near = (hours: number) => counts[day + ((slot - day + hours + 24) % 24)]!;
    const own = (OWN * near(0) + NEIGHBOUR * (near(-1) + near(1))) / slotShare(slot);
    return (own + PSEUDO_VISITS * (common?.[slot] ?? 1)) / (all + PSEUDO_VISITS);
  });
}
