"use client";
import { useEffect, useMemo, useRef } from "react";
import { percentileColour } from "@/components/format/percentile";
import type { LatencySeries } from "@/lib/query/answers";
import { plotWidth, ROOM, xOf } from "./geometry";
import { decadesIn, paintHeat, rowFoot, rowOf, type HeatFrame } from "./heat-paint";
import { latencyRows, type LatencyRow } from "./latency-rows";
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
  const lines = useMemo(() => latencyRows(series, over, null), [series, over]);
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
          <g key={q}>
            <OverLine thin path={pathOf(frame, lines, (row) => row.thin[`p${q}`])} colour={percentileColour(q)} />
            <OverLine path={pathOf(frame, lines, (row) => row.lines[`p${q}`])} colour={percentileColour(q)} />
          </g>
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
      {decadesIn(frame.map, frame.rows).map((us) => (
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

/** A line that stands out on light and on dark cells; dotted where too few requests carry it. */
function OverLine({ path, colour, thin = false }: { path: string; colour: string; thin?: boolean }) {
  const dots = thin ? { strokeDasharray: "0.1 3.2", strokeLinecap: "round" as const } : {};
  return (
    <>
      <path
        d={path}
        fill="none"
        stroke="var(--surface)"
        strokeOpacity={thin ? 0.5 : 0.75}
        strokeWidth={3.5}
        strokeLinejoin="round"
      />
      <path d={path} fill="none" stroke={colour} strokeWidth={1.4} strokeLinejoin="round" {...dots} />
    </>
  );
}

function pathOf(
  frame: HeatFrame,
  rows: readonly LatencyRow[],
  valueOf: (row: LatencyRow) => number | null | undefined,
): string {
  let path = "";
  let down = false;
  for (const row of rows) {
    const us = valueOf(row) ?? null;
    if (us === null) {
      down = false;
      continue;
    }
    const x = xOf(row.x, frame.range, frame.width);
    const y = Math.min(frame.height - ROOM.bottom, Math.max(ROOM.top, rowFoot(frame, rowOf(frame.map, us))));
    path += `${down ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
    down = true;
  }
  return path;
}
