import { SLOTS, slotShare } from "./hours.ts";

/** P(the next visit comes before the value expires or a write voids it): visits, writes by hour, time to live in hours. */
export function useByRate(visitsPerHour: number, writesPerHour: number, ttlHours: number): number {
  const both = visitsPerHour + writesPerHour;
  return both <= 0 ? 0 : (visitsPerHour / both) * -Math.expm1(-both * ttlHours);
}

/** A belief about rates: Gamma with this shape, and as if seen for so many hours. */
export interface RateBelief {
  shape: number;
  hours: number;
}

/** Visits an hour of one user, drawn towards the belief about all. */
export function shrunkRate(visits: number, hours: number, belief: RateBelief): number {
  return (visits + belief.shape) / (hours + belief.hours);
}

/** A refresh computes the value anew when this share of its time to live is over, and so covers as much time after its end. */
export const REFRESHED_AT = 0.85;
/** With fewer cold visits than this, nobody is known to come back. */
const FEWEST_VISITS = 10;

/**
 * P(a visit comes in the time that a refresh adds | a cold visit). Visits are rarer than they would be without the cache: none is cold
 * while a value lives. And they come in busy hours: the rate that follows a visit is higher than the average.
 *
 * @param busy how much busier than average each kind of hour is
 */
export function chanceOfReturn(cold: number, hours: number, ttlHours: number, busy: ArrayLike<number>): number {
  const exposed = hours - cold * ttlHours;
  if (cold < FEWEST_VISITS || exposed <= 0) return 0;
  let squares = 0;
  for (let slot = 0; slot < SLOTS; slot++) squares += slotShare(slot) * busy[slot]! ** 2;
  return useByRate((cold / exposed) * squares, 0, REFRESHED_AT * ttlHours);
}
