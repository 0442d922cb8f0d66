"use client";
import { memo, type SVGProps } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from "recharts";
import { formatDuration } from "@/components/format/duration";
import { trimmed } from "@/components/format/trimmed";
import { percentileColour } from "@/components/format/percentile";
import type { TimeRange } from "@/components/range/view";
import { ROOM, plotWidth } from "./geometry";
import { extentOf, GHOST, type LatencyRow } from "./latency-rows";
import { latencyTicks, logLatencyTicks, timeTicks, type Tick } from "./ticks";
import type { Size } from "./time-plot";

interface PercentileLinesProps {
  size: Size;
  range: TimeRange;
  zone: string;
  rows: readonly LatencyRow[];
  /** Those that are switched on. */
  percentiles: readonly number[];
  ghost: boolean;
  log: boolean;
  /** A line across, µs: what an alert's rule takes for too much. */
  thresholdUs?: number | undefined;
}

export const AXIS_TEXT = { fontSize: 11, fill: "var(--muted)", fontVariantNumeric: "tabular-nums" } as const;
export const MARGIN = { left: 0, right: ROOM.right, top: ROOM.top, bottom: 0 };

/** Percentiles over time: one hue from light to deep, p99 the boldest. */
export const PercentileLines = memo(function PercentileLines(props: PercentileLinesProps) {
  const { size, range, zone, rows, percentiles, ghost, log, thresholdUs } = props;
  const keys = percentiles.map((q) => `p${q}`);
  const { lowest, highest } = withValue(extentOf(rows, ghost ? [...keys, GHOST] : keys), thresholdUs);
  const y = log ? logLatencyTicks(lowest, highest) : latencyTicks(highest);
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  return (
    <LineChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(y)} scale={log ? "log" : "linear"} />
      {thresholdUs !== undefined && (
        <ReferenceLine {...thresholdLine(thresholdUs, trimmed(formatDuration(thresholdUs)))} />
      )}
      {ghost && (
        <Line
          {...line(GHOST)}
          stroke="var(--p99)"
          strokeOpacity={0.45}
          strokeWidth={1.1}
          strokeDasharray="3 3"
          dot={false}
        />
      )}
      {percentiles.map((q) => (
        <Line key={`thin ${q}`} {...thinLine(rows, q)} />
      ))}
      {percentiles.map((q) => (
        <Line
          key={q}
          {...line(`p${q}`)}
          stroke={percentileColour(q)}
          strokeWidth={q === 99 ? 2 : 1.5}
          dot={lonelyDot(
            rows.map((row) => row.lines[`p${q}`] ?? row.thin[`p${q}`]),
            { r: 2.2, fill: percentileColour(q) },
          )}
        />
      ))}
    </LineChart>
  );
});

/** What is drawn reaches at least as far as a value. */
const withValue = ({ lowest, highest }: { lowest: number; highest: number }, value = highest) => ({
  lowest: Math.min(lowest, value),
  highest: Math.max(highest, value),
});

/** A threshold: a dashed line across with its value at the right end. */
export const thresholdLine = (y: number, text: string) => ({
  y,
  stroke: "var(--server)",
  strokeDasharray: "6 3",
  label: { value: text, position: "insideBottomLeft" as const, fontSize: 11, fill: "var(--server)", offset: 4 },
});

export const timeAxis = (range: TimeRange, ticks: Tick[]) => ({
  ...axis(ticks),
  dataKey: "x",
  domain: [range.fromMs, range.toMs],
  height: ROOM.bottom,
  allowDataOverflow: true,
  tickMargin: 8,
});

export const valueAxis = (ticks: Tick[]) => ({
  ...axis(ticks),
  domain: [ticks[0]!.value, ticks.at(-1)!.value],
  width: ROOM.left,
  allowDataOverflow: true,
  tickMargin: 6,
});

function axis(ticks: Tick[]) {
  const labels = new Map(ticks.map((tick) => [tick.value, tick.label]));
  return {
    type: "number" as const,
    ticks: ticks.map((tick) => tick.value),
    tickFormatter: (value: number) => labels.get(value) ?? "",
    axisLine: false,
    tickLine: false,
    interval: 0,
    tick: AXIS_TEXT,
  };
}

const line = (key: string) => ({
  dataKey: (row: LatencyRow) => row.lines[key] ?? null,
  type: "linear" as const,
  isAnimationActive: false,
  activeDot: false as const,
  strokeLinejoin: "round" as const,
});

/** Steps that too few requests carry: dotted and lighter, a lonely one hollow. */
function thinLine(rows: readonly LatencyRow[], q: number) {
  const colour = percentileColour(q);
  return {
    ...line(`p${q}`),
    dataKey: (row: LatencyRow) => row.thin[`p${q}`] ?? null,
    stroke: colour,
    strokeOpacity: 0.8,
    strokeWidth: q === 99 ? 2 : 1.5,
    strokeDasharray: "0.1 3.4",
    strokeLinecap: "round" as const,
    dot: lonelyDot(
      rows.map((row) => row.thin[`p${q}`]),
      { r: 1.8, fill: "var(--surface)", stroke: colour, strokeWidth: 1.1 },
    ),
  };
}

/** A step between two gaps has no line to lie on: it is drawn as a dot. */
function lonelyDot(values: readonly (number | null | undefined)[], look: SVGProps<SVGCircleElement>) {
  const has = (index: number) => typeof values[index] === "number";
  return ({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) =>
    index === undefined || !has(index) || has(index - 1) || has(index + 1) ? (
      <g key={`none-${index}`} />
    ) : (
      <circle key={`dot-${index}`} cx={cx} cy={cy} strokeDasharray="none" strokeOpacity={1} {...look} />
    );
}
