import type { PercentileAxis } from "@/lib/query/answers";

/** A distribution as a line on the percentile axis. */
export interface AxisLine {
  key: string;
  label: string;
  /** More words, on hover. */
  title?: string;
  colour: string;
  /** SVG dashes, so that lines are not told apart by colour alone. */
  dash?: string;
  axis: PercentileAxis;
}

/** One place on the axis, log10 of 1/(1−q), and the latencies of the lines that have a point there, µs. */
export interface AxisRow {
  x: number;
  latency: Record<string, number>;
}

/** Points of the axis to every factor of ten, as answers have them. */
export const PLACES_A_TEN = 10;

/** How far the axis has to reach: at least to p90. */
export const reachOf = (lines: readonly AxisLine[]): number =>
  Math.max(1, ...lines.flatMap(({ axis }) => axis.map(({ oneOver }) => Math.log10(oneOver))));

export function axisRows(lines: readonly AxisLine[]): AxisRow[] {
  const rows = new Map<number, AxisRow>();
  for (const { key, axis } of lines)
    for (const { oneOver, latencyUs } of axis) {
      const x = Math.log10(oneOver);
      const row = rows.get(x) ?? { x, latency: {} };
      row.latency[key] = latencyUs;
      rows.set(x, row);
    }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

/**
 * A line's latency at a place, µs: of the last point up to there. Beyond its last point, which is its slowest request, it
 * says nothing: `null`.
 */
export function latencyAt({ axis }: Pick<AxisLine, "axis">, place: number): number | null {
  const last = axis.at(-1);
  if (last === undefined || place > Math.log10(last.oneOver) + 0.5 / PLACES_A_TEN) return null;
  return axis.findLast(({ oneOver }) => Math.log10(oneOver) <= place + 1e-9)?.latencyUs ?? null;
}

/** The percentile of a place with no more digits than it has: p50, p92.1, p99.96. */
export function percentileAt(place: number): string {
  const q = 100 * (1 - 10 ** -place);
  return `p${Number(q.toFixed(Math.max(0, Math.floor(place + 1e-9))))}`;
}
