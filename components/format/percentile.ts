/** A percentile's name as the answers write it: 99.9 → "p99.9". */
export function percentileName(q: number): string {
  return `p${q}`;
}

/** Above how many samples a percentile says something: n·(1−q) must reach 1. */
export function samplesWanted(q: number): number {
  return Math.ceil(1 / (1 - q / 100) - 1e-9);
}

/** The place of a percentile on the ramp from p50 to p99.9; between two of them the deeper one. */
export function percentileColour(q: number): string {
  if (q <= 75) return "var(--p50)";
  if (q <= 95) return "var(--p95)";
  return q <= 99 ? "var(--p99)" : "var(--p999)";
}
