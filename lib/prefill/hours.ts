export const HOURS_OF_WEEK = 168;

/** The epoch was a Thursday; weeks are counted from Monday 00:00 UTC. */
const MONDAY_OFFSET_HOURS = 72;
const HOUR_MS = 3_600_000;

/** The hour of the week in UTC, 0 = Monday 00:00, as plans count it. */
export function hourOfWeek(wallMs: number): number {
  const hours = Math.floor(wallMs / HOUR_MS) + MONDAY_OFFSET_HOURS;
  return ((hours % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}

/** As if a week with so many visits an hour, the same in each, had been seen as well. */
const EVEN_VISITS = 1;
/** Parts of an hour's own count, its neighbours' and the same hour's of the days before and after. */
const OWN = 0.4;
const NEIGHBOUR = 0.15;
const OTHER_DAY = 0.15;

/** How much busier than the average an hour of the week is: 1 on average over the week. All 1 when nothing was seen. */
export function hourFactors(visits: ArrayLike<number>): Float64Array {
  const at = (hour: number) => visits[(hour + HOURS_OF_WEEK) % HOURS_OF_WEEK]! + EVEN_VISITS;
  const smooth = Float64Array.from(
    { length: HOURS_OF_WEEK },
    (_, hour) =>
      OWN * at(hour) + NEIGHBOUR * (at(hour - 1) + at(hour + 1)) + OTHER_DAY * (at(hour - 24) + at(hour + 24)),
  );
  const mean = smooth.reduce((sum, each) => sum + each, 0) / HOURS_OF_WEEK;
  return smooth.map((each) => each / mean);
}
