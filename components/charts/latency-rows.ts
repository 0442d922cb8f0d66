import type { LatencyPoint, LatencySeries } from "@/lib/query/answers";

/** One step as the line chart draws it: `x` is the step's middle, Unix ms; lines by key, `null` where there is a gap. */
export interface LatencyRow {
  x: number;
  point: LatencyPoint;
  before: LatencyPoint | null;
  lines: Record<string, number | null>;
}

export const GHOST = "before";

export const pointValue = (point: LatencyPoint, q: number): number | null => point[`p${q}Us`] ?? null;

/**
 * The rows of a series with the series of the period before laid over it.
 * @param shiftMs how far back the period before lies
 */
export function latencyRows(series: LatencySeries, percentiles: readonly number[], ghost: Ghost | null): LatencyRow[] {
  const half = series.stepSeconds * 500;
  const before = ghost === null ? null : byTime(ghost);
  return series.points.map((point) => {
    const at = Date.parse(point.at);
    const then = before?.(at) ?? null;
    const lines: LatencyRow["lines"] = {};
    for (const q of percentiles) lines[`p${q}`] = point.count === 0 ? null : pointValue(point, q);
    if (ghost && then && then.count > 0) lines[GHOST] = pointValue(then, ghost.percentile);
    return { x: at + half, point, before: then, lines };
  });
}

export interface Ghost {
  series: LatencySeries;
  shiftMs: number;
  percentile: number;
}

/** The point of the period before that lies under a moment of this one. */
function byTime({ series, shiftMs }: Ghost): (atMs: number) => LatencyPoint | null {
  const step = series.stepSeconds * 1_000;
  const known = new Map(series.points.map((point) => [Math.round((Date.parse(point.at) + shiftMs) / step), point]));
  return (atMs) => known.get(Math.round(atMs / step)) ?? null;
}

/** The percentile whose ghost is shown: p99 when it is there, else the deepest below it, else the first. */
export function ghostPercentile(percentiles: readonly number[]): number {
  return percentiles.filter((q) => q <= 99).at(-1) ?? percentiles[0] ?? 99;
}

/** Highest and lowest value drawn. */
export function extentOf(rows: readonly LatencyRow[], keys: readonly string[]): { lowest: number; highest: number } {
  let lowest = Infinity;
  let highest = 0;
  for (const row of rows)
    for (const key of keys) {
      const value = row.lines[key] ?? null;
      if (value === null) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  return { lowest: Number.isFinite(lowest) ? lowest : 1_000, highest: highest || 1_000 };
}
