"use client";
import { memo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import type { PercentileAxis as Axis } from "@/lib/query/answers";
import { formatDuration } from "@/components/format/duration";
import { ChartCard } from "./chart-card";
import { Legend, useHidden } from "./legend";
import { AXIS_TEXT, MARGIN, valueAxis } from "./percentile-lines";
import { logLatencyTicks } from "./ticks";
import { useWidth } from "./use-width";

export interface AxisLine {
  key: string;
  label: string;
  colour: string;
  dashed?: boolean;
  axis: Axis;
}

interface PercentileAxisProps {
  title?: string;
  note?: string;
  lines: readonly AxisLine[];
  height?: number;
}

const QS = [50, 90, 99, 99.9, 99.99, 99.999];
const placeOf = (q: number) => Math.log10(1 / (1 - q / 100));

/** The distribution on the classic axis of 1/(1−q): each tick to the right is ten times as rare. */
export function PercentileAxis({ title = "By percentile", note, lines, height = 200 }: PercentileAxisProps) {
  const { hidden, toggle } = useHidden();
  const [element, width] = useWidth<HTMLDivElement>();
  const shown = lines.filter((line) => !hidden.has(line.key) && line.axis.length > 0);
  return (
    <ChartCard
      title={title}
      note={note}
      height={height}
      legend={lines.length > 1 && <Legend entries={lines} hidden={hidden} toggle={toggle} />}
      figures={() => ({
        columns: ["percentile", "series", "latency (ms)"],
        rows: lines.flatMap((line) => line.axis.map((p) => [`p${p.q}`, line.label, p.latencyUs / 1_000])),
      })}
    >
      <div
        ref={element}
        role="img"
        aria-label={`${title}: ${shown.map((line) => `${line.label} ${summaryOf(line.axis)}`).join("; ")}`}
        style={{ height }}
      >
        {width > 0 && shown.length > 0 && <AxisLines {...{ width, height, lines: shown }} />}
      </div>
    </ChartCard>
  );
}

function summaryOf(axis: Axis): string {
  const last = axis.at(-1);
  const middle = axis.find((point) => point.q >= 50);
  return middle && last ? `from ${formatDuration(middle.latencyUs)} at p50 to ${formatDuration(last.latencyUs)}` : "";
}

interface AxisLinesProps {
  width: number;
  height: number;
  lines: readonly AxisLine[];
}

const AxisLines = memo(function AxisLines({ width, height, lines }: AxisLinesProps) {
  const points = lines.flatMap((line) => line.axis);
  const finite = points.filter((point) => Number.isFinite(point.oneOver));
  const furthest = Math.max(1, ...finite.map((point) => Math.log10(point.oneOver)));
  const latencies = points.map((point) => point.latencyUs);
  const y = logLatencyTicks(Math.min(...latencies), Math.max(...latencies));
  const ticks = QS.filter((q) => placeOf(q) <= furthest + 1e-9).map(placeOf);
  return (
    <LineChart width={width} height={height} margin={MARGIN} data={rowsOf(lines, furthest)} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--line-soft)" />
      <XAxis
        dataKey="x"
        type="number"
        domain={[0, furthest]}
        ticks={ticks}
        tickFormatter={(place: number) => `${QS.find((q) => Math.abs(placeOf(q) - place) < 1e-9)} %`}
        interval="preserveStart"
        axisLine={false}
        tickLine={false}
        tick={AXIS_TEXT}
        tickMargin={8}
        height={24}
      />
      <YAxis {...valueAxis(y)} scale="log" />
      {lines.map(({ key, colour, dashed }) => (
        <Line
          key={key}
          dataKey={(row: AxisRow) => row.latency[key] ?? null}
          stroke={colour}
          strokeWidth={dashed ? 1.5 : 2}
          strokeDasharray={dashed ? "4 3" : ""}
          dot={false}
          activeDot={false}
          connectNulls
          type="linear"
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
});

interface AxisRow {
  x: number;
  latency: Record<string, number>;
}

/** One row a place on the axis; p100 stands at the end. */
function rowsOf(lines: readonly AxisLine[], furthest: number): AxisRow[] {
  const rows = new Map<number, AxisRow>();
  for (const { key, axis } of lines)
    for (const { oneOver, latencyUs } of axis) {
      const x = Number.isFinite(oneOver) ? Math.log10(oneOver) : furthest;
      const row = rows.get(x) ?? { x, latency: {} };
      row.latency[key] = latencyUs;
      rows.set(x, row);
    }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}
