import type { PlannedDefinition, PlannedUser } from "../../../wire/index.ts";

/** Occasions that are not signals of the user: a value about to expire after a visit, and an hour of the week. */
export const REFRESH = "refresh";
export const CLOCK = "clock";

const HOUR_MS = 3_600_000;
/** The epoch was a Thursday; weeks are counted from Monday 00:00 UTC. */
const MONDAY_OFFSET_HOURS = 72;
const HOURS_OF_WEEK = 168;

/** The hour of the week in UTC, 0 = Monday 00:00. */
export function hourOfWeek(wallMs: number): number {
  const hours = Math.floor(wallMs / HOUR_MS) + MONDAY_OFFSET_HOURS;
  return ((hours % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}

/**
 * The chance that a visit follows within the time to live. A refresh or a clock slot needs a number of the user's own; without one
 * it is 0.
 */
export function chanceOfUse(
  definition: PlannedDefinition,
  user: PlannedUser | undefined,
  signal: string,
  nowMs: number,
): number {
  if (signal === REFRESH) return user?.again ?? 0;
  if (signal === CLOCK) return user?.hours?.find(([hour]) => hour === hourOfWeek(nowMs))?.[1] ?? 0;
  const named = Object.hasOwn(definition.useAfter, signal) ? definition.useAfter[signal]! : definition.use;
  return user?.use === undefined ? named : shifted(user.use, named, definition.use);
}

/** The user's own chance after any signal, shifted by how much better or worse this signal is than any: odds multiply. */
function shifted(own: number, named: number, any: number): number {
  if (named === any || any <= 0 || any >= 1 || named >= 1) return own;
  const odds = ((own / (1 - Math.min(own, 1 - 1e-9))) * (named / (1 - named))) / (any / (1 - any));
  return odds / (1 + odds);
}
