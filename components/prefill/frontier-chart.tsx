"use client";
import { memo } from "react";
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from "recharts";
import { plotWidth, ROOM } from "@/components/charts/geometry";
import { AXIS_TEXT, MARGIN, valueAxis } from "@/components/charts/percentile-lines";
import { figureTicks, latencyTicks, type Tick } from "@/components/charts/ticks";
import type { Size } from "@/components/charts/time-plot";
import type { PrefillFrontierPoint } from "@/lib/query/prefill-answers";
import { formatWork } from "./work";

interface FrontierChartProps {
  size: Size;
  frontier: readonly PrefillFrontierPoint[];
  /** The right edge, in seconds an hour. */
  farthest: number;
}

/** Ticks of the latency axis, from 0 to above the highest value drawn. */
export function frontierTicks(frontier: readonly PrefillFrontierPoint[]): Tick[] {
  return latencyTicks(Math.max(1, ...frontier.map(({ p99Us, p99HighUs }) => Math.max(p99Us, p99HighUs ?? 0))));
}

/** The p99 that each amount of work buys, with its interval behind it. */
export const FrontierChart = memo(function FrontierChart({ size, frontier, farthest }: FrontierChartProps) {
  const rows = rowsWithin(frontier, farthest);
  const x = figureTicks(farthest, formatWork, size.width < 420 ? 3 : 5).filter(({ value }) => value <= farthest);
  return (
    <ComposedChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...workAxis(x, farthest)} />
      <YAxis {...valueAxis(frontierTicks(frontier))} />
      <Area
        dataKey={({ p99LowUs, p99HighUs }: PrefillFrontierPoint) =>
          p99LowUs === null || p99HighUs === null ? null : [p99LowUs, p99HighUs]
        }
        type="linear"
        stroke="none"
        fill="var(--fill)"
        fillOpacity={0.14}
        activeDot={false}
        isAnimationActive={false}
      />
      <Line
        dataKey="p99Us"
        type="linear"
        stroke="var(--fill)"
        strokeWidth={2}
        dot={false}
        activeDot={false}
        isAnimationActive={false}
      />
    </ComposedChart>
  );
});

/** The points up to the edge, and the first one beyond, so that the line reaches it; a level line after the last. */
function rowsWithin(frontier: readonly PrefillFrontierPoint[], farthest: number): PrefillFrontierPoint[] {
  const beyond = frontier.findIndex(({ fillSecondsPerHour }) => fillSecondsPerHour >= farthest);
  if (beyond >= 0) return frontier.slice(0, beyond + 1);
  const last = frontier.at(-1);
  return last === undefined ? [] : [...frontier, { ...last, fillSecondsPerHour: farthest }];
}

function workAxis(ticks: Tick[], farthest: number) {
  const labels = new Map(ticks.map(({ value, label }) => [value, label]));
  return {
    dataKey: "fillSecondsPerHour",
    type: "number" as const,
    domain: [0, farthest],
    allowDataOverflow: true,
    ticks: ticks.map(({ value }) => value),
    tickFormatter: (value: number) => labels.get(value) ?? "",
    axisLine: false,
    tickLine: false,
    interval: 0,
    tick: AXIS_TEXT,
    tickMargin: 8,
    height: ROOM.bottom,
  };
}

/** Where a budget lies, px from the left edge. */
export function xOfBudget(budget: number, farthest: number, width: number): number {
  return ROOM.left + Math.min(1, budget / farthest) * plotWidth(width);
}

/** The budget under a place, within the chart. */
export function budgetAt(x: number, farthest: number, width: number): number {
  return Math.min(1, Math.max(0, (x - ROOM.left) / plotWidth(width))) * farthest;
}

/** Where a latency lies, px from the top. */
export function yOfLatency(us: number, topUs: number, height: number): number {
  return ROOM.top + (1 - Math.min(1, us / topUs)) * (height - ROOM.top - ROOM.bottom);
}
