"use client";
import { memo } from "react";
import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from "recharts";
import { plotWidth } from "@/components/charts/geometry";
import { MARGIN, timeAxis, valueAxis } from "@/components/charts/percentile-lines";
import { figureTicks, timeTicks } from "@/components/charts/ticks";
import type { Size } from "@/components/charts/time-plot";
import { formatCount } from "@/components/format/count";
import type { TimeRange } from "@/components/range/view";
import type { PrefillStep } from "@/lib/query/prefill-answers";
import { countOf, type FILL_SERIES } from "./fill-names";

interface FillBarsProps {
  size: Size;
  range: TimeRange;
  zone: string;
  steps: readonly PrefillStep[];
  stepSeconds: number;
  series: (typeof FILL_SERIES)[number][];
}

export const FillBars = memo(function FillBars({ size, range, zone, steps, stepSeconds, series }: FillBarsProps) {
  const rows = steps.map((step) => {
    const row: Record<string, number> = { x: Date.parse(step.at) + stepSeconds * 500 };
    for (const { name } of series) row[name] = countOf(step, name);
    return row;
  });
  const highest = Math.max(0, ...rows.map((row) => series.reduce((sum, { name }) => sum + row[name]!, 0)));
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  const step = (plotWidth(size.width) * stepSeconds * 1_000) / (range.toMs - range.fromMs);
  const barSize = Math.max(1, step > 4 ? step - 1 : step);
  return (
    <BarChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false} barCategoryGap={0} barGap={0}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(figureTicks(Math.max(4, highest), formatCount, 3))} />
      {series.map(({ name, colour }) => (
        <Bar key={name} dataKey={name} stackId="fills" fill={colour} barSize={barSize} isAnimationActive={false} />
      ))}
    </BarChart>
  );
});
