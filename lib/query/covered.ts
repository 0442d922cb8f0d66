import type { Span } from "./plan.ts";

/**
 * For how long of a range requests were counted: from the first window of its service, if that came later than the
 * range's start, to now or the range's end. What is said by the hour or the second is divided by this.
 * @param firstSeconds Unix seconds; `null`: nothing was ever counted
 * @returns whole seconds, 0 for nothing
 */
export function coveredSeconds(range: Span, firstSeconds: number | null, nowSeconds: number): number {
  if (firstSeconds === null) return 0;
  const from = Math.max(range.fromSeconds, firstSeconds);
  const to = Math.min(range.toSeconds, nowSeconds);
  return Math.max(0, Math.round(to - from));
}
