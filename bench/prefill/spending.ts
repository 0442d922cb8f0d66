import type { Spent } from "./tailfill-policy.ts";

const HOUR_MS = 3_600_000;

/**
 * The most that was spent in any hour, as a part beyond that hour's budget: in hours of the clock, and in those that end with a fill. Where the
 * budget changes within an hour, each part of it counts for its length.
 */
export function mostBeyond(spent: readonly Spent[], budgetAt: (atMs: number) => number): number {
  const sorted = [...spent].sort((a, b) => a.atMs - b.atMs);
  const clock = new Map<number, number>();
  let most = 0;
  let sum = 0;
  for (let last = 0, first = 0; last < sorted.length; last++) {
    const { atMs, us } = sorted[last]!;
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    clock.set(hour, (clock.get(hour) ?? 0) + us);
    sum += us;
    while (sorted[first]!.atMs <= atMs - HOUR_MS) sum -= sorted[first++]!.us;
    most = Math.max(most, sum / 1e6 / budgetBefore(atMs, budgetAt) - 1);
  }
  for (const [hour, us] of clock) most = Math.max(most, us / 1e6 / budgetAt(hour) - 1);
  return most;
}

/** What the hour up to a time might take. */
function budgetBefore(atMs: number, budgetAt: (atMs: number) => number): number {
  const part = (atMs % HOUR_MS) / HOUR_MS;
  return budgetAt(atMs) * part + budgetAt(atMs - HOUR_MS) * (1 - part);
}
