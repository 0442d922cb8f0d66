import { samplesWanted } from "@/components/format/percentile";
import type { LatencyPoint, LatencySeries } from "@/lib/query/answers";

/** A value of each line by its key; `null` where there is none. */
type Lines = Record<string, number | null>;

/** One step as the line chart draws it: `x` is the step's middle, Unix ms. */
export interface LatencyRow {
  x: number;
  point: LatencyPoint;
  before: LatencyPoint | null;
  /** What enough requests carry; gaps and thin steps are `null`. */
  lines: Lines;
  /** Thin steps, and the steps beside them, so that a line leads there. */
  thin: Lines;
}

export const GHOST = "before";

export const pointValue = (point: LatencyPoint, q: number): number | null => point[`p${q}Us`] ?? null;

/** Whether a step has a percentile that too few requests carry: n·(1−q) < 1. */
export const isThin = (point: LatencyPoint, q: number): boolean => point.count > 0 && point.count < samplesWanted(q);

/**
 * The rows of a series with the series of the period before laid over it.
 * @param ghost what lies under it; its `shiftMs` is how far back that lies
 */
export function latencyRows(series: LatencySeries, percentiles: readonly number[], ghost: Ghost | null): LatencyRow[] {
  const half = series.stepSeconds * 500;
  const before = ghost === null ? null : byTime(ghost);
  const rows = series.points.map((point): LatencyRow => {
    const at = Date.parse(point.at);
    const then = before?.(at) ?? null;
    const lines: Lines = ghost && then && then.count > 0 ? { [GHOST]: pointValue(then, ghost.percentile) } : {};
    return { x: at + half, point, before: then, lines, thin: {} };
  });
  for (const q of percentiles) drawPercentile(rows, q);
  return rows;
}

function drawPercentile(rows: readonly LatencyRow[], q: number): void {
  const key = `p${q}`;
  const thinAt = (index: number) => rows[index] !== undefined && isThin(rows[index].point, q);
  rows.forEach(({ point, lines, thin }, index) => {
    const value = point.count === 0 ? null : pointValue(point, q);
    lines[key] = thinAt(index) ? null : value;
    thin[key] = thinAt(index) || thinAt(index - 1) || thinAt(index + 1) ? value : null;
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

/** Those of some percentiles that are thin somewhere in a series. */
export function thinPercentiles({ points }: LatencySeries, percentiles: readonly number[]): number[] {
  return percentiles.filter((q) => points.some((point) => isThin(point, q)));
}

/** Highest and lowest value drawn. */
export function extentOf(rows: readonly LatencyRow[], keys: readonly string[]): { lowest: number; highest: number } {
  let lowest = Infinity;
  let highest = 0;
  for (const row of rows)
    for (const key of keys) {
      const value = row.lines[key] ?? row.thin[key] ?? null;
      if (value === null) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  return { lowest: Number.isFinite(lowest) ? lowest : 1_000, highest: highest || 1_000 };
}
