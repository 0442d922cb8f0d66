"use client";
import { memo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import { axisRows, type AxisLine, type AxisRow } from "./axis-rows";
import { AXIS_TEXT, MARGIN, valueAxis } from "./percentile-lines";
import { logLatencyTicks } from "./ticks";

interface AxisPlotProps {
  width: number;
  height: number;
  /** The end of the axis, log10 of 1/(1−q). */
  reach: number;
  lines: readonly AxisLine[];
}

const QS = [50, 90, 99, 99.9, 99.99, 99.999];
const placeOf = (q: number) => Math.log10(1 / (1 - q / 100));

/** The lines and axes of a percentile axis, latency in log scale. */
export const AxisPlot = memo(function AxisPlot({ width, height, reach, lines }: AxisPlotProps) {
  const latencies = lines.flatMap((line) => line.axis.map((point) => point.latencyUs));
  const y = logLatencyTicks(Math.min(...latencies), Math.max(...latencies));
  const ticks = QS.filter((q) => placeOf(q) <= reach + 1e-9).map(placeOf);
  return (
    <LineChart width={width} height={height} margin={MARGIN} data={axisRows(lines)} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--line-soft)" />
      <XAxis
        dataKey="x"
        type="number"
        domain={[0, reach]}
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
      {lines.map(({ key, colour, dash, axis }) => (
        <Line
          key={key}
          dataKey={(row: AxisRow) => row.latency[key] ?? null}
          stroke={colour}
          strokeWidth={dash ? 1.6 : 2}
          strokeDasharray={dash ?? ""}
          dot={axis.length === 1 && { r: 2.5, fill: colour, strokeWidth: 0 }}
          activeDot={false}
          connectNulls
          type="linear"
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
});
