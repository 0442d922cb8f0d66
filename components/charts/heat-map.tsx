"use client";
import { useMemo } from "react";
import { formatCountExactly, formatRequests } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { percentileColour } from "@/components/format/percentile";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { HeatMap as Heat, ReleaseMark, Series } from "@/lib/query/answers";
import { ChartCard } from "./chart-card";
import type { Figures } from "./figures";
import { gapsOf } from "./gaps";
import { ROOM } from "./geometry";
import { coarser } from "./coarser-heat";
import { HeatLayers } from "./heat-layers";
import { rowFoot, rowFromUs, rowsInUse, rowsShown, type HeatFrame } from "./heat-paint";
import { TipRow } from "./plot-tip";
import { stepAt } from "./step-at";
import { StepTip } from "./step-tip";
import { TimePlot } from "./time-plot";

interface HeatMapProps {
  of: string;
  range: TimeRange;
  map: Heat;
  series: Series;
  releases: readonly ReleaseMark[];
  height?: number;
}

/** Percentiles drawn over the cells. */
const OVER = [50, 95, 99];
/** At most so many cells, so that each can be told from its neighbours. */
const CELLS = { rows: 32, columns: 96 };

/** Time × log latency; the darker a cell, the more requests. */
export function HeatMap({ of, range, map: fine, series, releases, height = 210 }: HeatMapProps) {
  const zone = useZone();
  const map = useMemo(() => coarser(fine, CELLS), [fine]);
  const gaps = useMemo(() => gapsOf(series), [series]);
  const highest = useMemo(() => Math.max(1, ...map.columns.flatMap((column) => column.counts)), [map]);
  const rows = useMemo(() => rowsShown(map), [map]);
  const stepMs = map.stepSeconds * 1_000;
  return (
    <ChartCard
      title="Distribution over time"
      note="log scale"
      height={height}
      legend={<HeatLegend highest={highest} />}
      figures={() => heatFigures(map, rowsInUse(map), zone)}
    >
      <TimePlot
        label={`Distribution of the latency of ${of} over time`}
        {...{ height, range, stepMs, releases, gaps }}
        renderTip={(atMs, y) => {
          const column = stepAt(map.columns, (c) => Date.parse(c.at), { atMs, stepMs });
          const frame = { map, range, rows, highest, width: 0, height };
          return column && <HeatTip {...{ column, frame, y, stepMs }} />;
        }}
      >
        {({ width }) => (
          <HeatLayers frame={{ map, range, rows, highest, width, height }} series={series} over={OVER} zone={zone} />
        )}
      </TimePlot>
    </ChartCard>
  );
}

function HeatLegend({ highest }: { highest: number }) {
  return (
    <>
      {OVER.map((q) => (
        <span key={q} className="inline-flex items-center gap-1.5">
          <i className="w-3 border-t-2" style={{ borderColor: percentileColour(q) }} />p{q}
        </span>
      ))}
      <span className="inline-flex items-center gap-1.5 figures">
        1
        <i className="h-2 w-12 rounded-[2px] bg-linear-to-r/oklch from-[color-mix(in_oklch,var(--p999)_10%,var(--surface))] to-p999" />
        {formatRequests(highest)}
      </span>
    </>
  );
}

interface HeatTipProps {
  column: Heat["columns"][number];
  frame: HeatFrame;
  y: number | null;
  stepMs: number;
}

function HeatTip({ column, frame, y, stepMs }: HeatTipProps) {
  const count = column.counts.reduce((sum, n) => sum + n, 0);
  const row = y === null ? null : rowUnder(frame, y);
  return (
    <StepTip atMs={Date.parse(column.at)} stepMs={stepMs} count={count}>
      {row !== null && count > 0 && (
        <TipRow
          name={`${formatDuration(rowFromUs(frame.map, row))} – ${formatDuration(rowFromUs(frame.map, row + 1))}`}
          value={formatCountExactly(column.counts[row] ?? 0)}
        />
      )}
    </StepTip>
  );
}

function rowUnder(frame: HeatFrame, y: number): number | null {
  const [first, end] = frame.rows;
  if (y < ROOM.top || y > rowFoot(frame, first)) return null;
  for (let row = first; row < end; row += 1) if (y >= rowFoot(frame, row + 1)) return row;
  return null;
}

function heatFigures(map: Heat, [first, end]: readonly [number, number], zone: string): Figures {
  const rows = Array.from({ length: end - first }, (_, i) => first + i);
  return {
    columns: [timeColumn(zone), ...rows.map((row) => `from ${formatDuration(map.rowsFromUs[row]!)}`)],
    rows: map.columns.map(({ at, counts }) => [
      formatMomentExactly(Date.parse(at), zone),
      ...rows.map((row) => counts[row] ?? 0),
    ]),
  };
}
