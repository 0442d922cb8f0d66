/** A pair of windows: it breaches while the budget burns faster than `factor` in both. */
export interface BurnPair {
  /** 1 burns the whole budget in exactly the time that the objective is for. */
  factor: number;
  longSeconds: number;
  shortSeconds: number;
  severity: "page" | "ticket";
}

const HOUR = 3_600;

/** The presets of Google's SRE workbook: 2 % of a month's budget in an hour, 5 % in six, 10 % in three days. */
export const BURN_PAIRS: readonly BurnPair[] = [
  { factor: 14.4, longSeconds: HOUR, shortSeconds: HOUR / 12, severity: "page" },
  { factor: 6, longSeconds: 6 * HOUR, shortSeconds: HOUR / 2, severity: "page" },
  { factor: 1, longSeconds: 72 * HOUR, shortSeconds: 6 * HOUR, severity: "ticket" },
];

/** The highest that a percentile asks for by itself: p99.999 would never have enough. */
const MOST = 10_000;

/** How many requests a percentile needs so that at least one lies above it; 10 at least. */
export function fewestFor(percentile: number): number {
  return Math.min(MOST, Math.max(10, Math.ceil(100 / (100 - Math.min(percentile, 99.999)) - 1e-9)));
}
