import type { Spent } from "./tailfill-policy.ts";

const HOUR_MS = 3_600_000;

/**
 * The most that was spent in any hour, as a part beyond that hour's budget: hours begin at every fill. Where the budget changes within an
 * hour, each part of it counts for its length.
 */
export function mostBeyond(spent: readonly Spent[], budgetAt: (atMs: number) => number): number {
  const sorted = [...spent].sort((a, b) => a.atMs - b.atMs);
  let most = 0;
  let sum = 0;
  for (let first = 0, next = 0; first < sorted.length; first++) {
    const fromMs = sorted[first]!.atMs;
    while (next < sorted.length && sorted[next]!.atMs < fromMs + HOUR_MS) sum += sorted[next++]!.us;
    most = Math.max(most, sum / 1e6 / budgetOver(fromMs, budgetAt) - 1);
    sum -= sorted[first]!.us;
  }
  return most;
}

function budgetOver(fromMs: number, budgetAt: (atMs: number) => number): number {
  const part = (fromMs % HOUR_MS) / HOUR_MS;
  return budgetAt(fromMs) * (1 - part) + budgetAt(fromMs + HOUR_MS) * part;
}
