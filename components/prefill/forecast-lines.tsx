"use client";
import { memo } from "react";
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from "recharts";
import { plotWidth } from "@/components/charts/geometry";
import { MARGIN, timeAxis, valueAxis } from "@/components/charts/percentile-lines";
import { latencyTicks, timeTicks } from "@/components/charts/ticks";
import type { Size } from "@/components/charts/time-plot";
import type { TimeRange } from "@/components/range/view";
import type { PrefillStep } from "@/lib/query/prefill-answers";

interface ForecastLinesProps {
  size: Size;
  range: TimeRange;
  zone: string;
  steps: readonly PrefillStep[];
  stepSeconds: number;
  predicted: boolean;
  realised: boolean;
}

interface Row {
  x: number;
  realised: number | null;
  predicted: number | null;
  band: [number, number] | null;
}

const PLAIN = { type: "linear", isAnimationActive: false, activeDot: false } as const;

/** Realised as a line; predicted dashed, in the colour of prefill, with its interval behind it. */
export const ForecastLines = memo(function ForecastLines(props: ForecastLinesProps) {
  const { size, range, zone, steps, stepSeconds, predicted, realised } = props;
  const rows = steps.map((step) => rowOf(step, stepSeconds));
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  return (
    <ComposedChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(latencyTicks(highestOf(rows, { predicted, realised })))} />
      {predicted && <Area {...PLAIN} dataKey="band" stroke="none" fill="var(--fill)" fillOpacity={0.14} />}
      {realised && (
        <Line {...PLAIN} dataKey="realised" stroke="var(--p99)" strokeWidth={1.8} dot={lonely(rows, "realised")} />
      )}
      {predicted && (
        <Line
          {...PLAIN}
          dataKey="predicted"
          stroke="var(--fill)"
          strokeWidth={1.8}
          strokeDasharray="5 3"
          dot={lonely(rows, "predicted")}
        />
      )}
    </ComposedChart>
  );
});

function rowOf(step: PrefillStep, stepSeconds: number): Row {
  const { predictedUs, predictedLowUs: low, predictedHighUs: high, count, p99Us } = step;
  return {
    x: Date.parse(step.at) + stepSeconds * 500,
    realised: count === 0 ? null : p99Us,
    predicted: predictedUs,
    band: low === null || high === null ? null : [low, high],
  };
}

function highestOf(rows: readonly Row[], shown: { predicted: boolean; realised: boolean }): number {
  let highest = 0;
  for (const row of rows) {
    if (shown.realised) highest = Math.max(highest, row.realised ?? 0);
    if (shown.predicted) highest = Math.max(highest, row.predicted ?? 0, row.band?.[1] ?? 0);
  }
  return highest || 1_000;
}

/** A step between two gaps has no line to lie on: it is drawn as a dot. */
function lonely(rows: readonly Row[], key: "realised" | "predicted") {
  const has = (index: number) => typeof rows[index]?.[key] === "number";
  return ({ cx, cy, index, stroke }: { cx?: number; cy?: number; index?: number; stroke?: string }) =>
    index === undefined || !has(index) || has(index - 1) || has(index + 1) ? (
      <g key={`${key}-${index}`} />
    ) : (
      <circle key={`${key}-${index}`} cx={cx} cy={cy} r={2.2} fill={stroke ?? "currentColor"} />
    );
}
