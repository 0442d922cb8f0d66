/** By what factor an estimate was off, either way: 1 is exact. Less than one row counts as one. */
export function qError(estimate: number, actual: number): number {
  const [less, more] = [Math.min(estimate, actual), Math.max(estimate, actual)];
  return Math.max(1, more) / Math.max(1, less);
}

/** The 95th percentile by nearest rank, to two digits; `null` of none. */
export function p95(errors: readonly number[]): number | null {
  if (errors.length === 0) return null;
  const sorted = errors.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * 0.95) - 1]! * 100) / 100;
}
