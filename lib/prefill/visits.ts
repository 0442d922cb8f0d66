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
