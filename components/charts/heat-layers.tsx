"use client";
import { useEffect, useRef } from "react";
import { percentileColour } from "@/components/format/percentile";
import type { LatencySeries } from "@/lib/query/answers";
import { plotWidth, ROOM, xOf } from "./geometry";
import { paintHeat, rowFoot, rowOf, type HeatFrame } from "./heat-paint";
import { pointValue } from "./latency-rows";
import { latencyLabel, timeTicks } from "./ticks";
import { useThemeVersion } from "./use-theme-version";

interface HeatLayersProps {
  frame: HeatFrame;
  series: LatencySeries;
  /** Percentiles drawn over the cells. */
  over: readonly number[];
  zone: string;
}

/** Cells on a canvas, axes and percentile lines above it. */
export function HeatLayers({ frame, series, over, zone }: HeatLayersProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const { map, range, width, height, rows, highest } = frame;
  const [first, end] = rows;
  useEffect(() => {
    void theme; // its colours are read from the page while painting
    if (canvas.current) paintHeat(canvas.current, { map, range, width, height, rows: [first, end], highest });
  }, [map, range, width, height, first, end, highest, theme]);
  return (
    <>
      <canvas ref={canvas} className="absolute inset-0 size-full" />
      <svg width={width} height={height} className="absolute inset-0">
        <Axes frame={frame} zone={zone} />
        {over.map((q) => (
          <OverLine key={q} path={pathOf(frame, series, q)} colour={percentileColour(q)} />
        ))}
      </svg>
    </>
  );
}

function Axes({ frame, zone }: { frame: HeatFrame; zone: string }) {
  const { range, width, height } = frame;
  const times = timeTicks(range, Math.max(2, Math.floor(plotWidth(width) / 84)), zone);
  return (
    <g className="fill-muted text-tiny figures">
      {decadesOf(frame).map((us) => (
        <text key={us} x={ROOM.left - 8} y={rowFoot(frame, rowOf(frame.map, us)) + 4} textAnchor="end">
          {latencyLabel(us)}
        </text>
      ))}
      {times.map(({ value, label }) => (
        <text key={value} x={xOf(value, range, width)} y={height - 6} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}

function decadesOf({ map, rows: [first, end] }: HeatFrame): number[] {
  return Array.from({ length: 10 }, (_, i) => 10 ** i).filter((us) => {
    const row = rowOf(map, us);
    return row >= first && row <= end;
  });
}

/** A line that stands out on light and on dark cells. */
function OverLine({ path, colour }: { path: string; colour: string }) {
  return (
    <>
      <path
        d={path}
        fill="none"
        stroke="var(--surface)"
        strokeOpacity={0.75}
        strokeWidth={3.5}
        strokeLinejoin="round"
      />
      <path d={path} fill="none" stroke={colour} strokeWidth={1.4} strokeLinejoin="round" />
    </>
  );
}

function pathOf(frame: HeatFrame, series: LatencySeries, q: number): string {
  let path = "";
  let down = false;
  for (const point of series.points) {
    const us = point.count === 0 ? null : pointValue(point, q);
    if (us === null) {
      down = false;
      continue;
    }
    const x = xOf(Date.parse(point.at) + series.stepSeconds * 500, frame.range, frame.width);
    const y = Math.min(frame.height - ROOM.bottom, Math.max(ROOM.top, rowFoot(frame, rowOf(frame.map, us))));
    path += `${down ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
    down = true;
  }
  return path;
}
