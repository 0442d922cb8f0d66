"use client";
import { useMemo, type ReactNode } from "react";
import { formatDuration } from "@/components/format/duration";
import { percentileColour, percentileName } from "@/components/format/percentile";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { LatencySeries, ReleaseMark } from "@/lib/query/answers";
import { ChartCard } from "./chart-card";
import type { Figures } from "./figures";
import { gapsOf } from "./gaps";
import {
  ghostPercentile,
  GHOST,
  isThin,
  latencyRows,
  pointValue,
  thinPercentiles,
  type LatencyRow,
} from "./latency-rows";
import { Legend, LegendNote, useHidden, type LegendEntry } from "./legend";
import { PercentileLines } from "./percentile-lines";
import { ScaleSwitch, useLogScale } from "./scale-switch";
import { StepTip } from "./step-tip";
import { TipRow } from "./plot-tip";
import { ThinNote, ThinWords } from "./thin-words";
import { TimePlot } from "./time-plot";
import { stepAt } from "./step-at";

export interface LatencyChartProps {
  title?: string;
  note: ReactNode;
  /** Whose latency, for screen readers. */
  of: string;
  range: TimeRange;
  series: LatencySeries;
  /** Another series laid under it, dashed. */
  against: Against | null;
  percentiles: readonly number[];
  releases: readonly ReleaseMark[];
  height?: number;
  controls?: ReactNode;
  /** Its points as a file. */
  files?: ReactNode;
  /** A line across, µs. */
  thresholdUs?: number | undefined;
}

/** What a chart is compared with: the same percentile of another series. */
export interface Against {
  series: LatencySeries;
  /** How far back it lies. */
  shiftMs: number;
  /** "before", "everybody else": said after the percentile. */
  name: string;
  /** Said in the legend when it holds nothing. */
  none: string;
  /** In full, on hover. */
  words: string;
}

/** Percentiles over time with the period before as a ghost, releases, gaps, and linear or log latency. */
export function LatencyChart(props: LatencyChartProps) {
  const { title = "Latency", note, of, range, series, against, percentiles, releases, height = 224 } = props;
  const zone = useZone();
  const { hidden, toggle } = useHidden();
  const [log, setLog] = useLogScale();
  const ghostQ = ghostPercentile(percentiles);
  const rows = useMemo(() => {
    const ghost = against && { series: against.series, shiftMs: against.shiftMs, percentile: ghostQ };
    return latencyRows(series, percentiles, ghost);
  }, [series, against, percentiles, ghostQ]);
  const gaps = useMemo(() => gapsOf(series), [series]);
  const stepMs = series.stepSeconds * 1_000;
  const shown = useMemo(() => percentiles.filter((q) => !hidden.has(percentileName(q))), [percentiles, hidden]);
  const ghost = against !== null && !hidden.has(GHOST);
  const haunted = useMemo(() => against?.series.points.some(({ count }) => count > 0) ?? false, [against]);
  const entries = legendOf(
    percentiles,
    against && haunted ? { label: `p${ghostQ} ${against.name}`, title: `p${ghostQ}: ${against.words}` } : null,
  );
  return (
    <ChartCard
      title={title}
      note={note}
      height={height}
      legend={
        <>
          <Legend entries={entries} hidden={hidden} toggle={toggle} />
          {against && !haunted && <LegendNote label={against.none} title={`There is no data of ${against.words}`} />}
          <ThinNote percentiles={thinPercentiles(series, shown)} />
        </>
      }
      controls={
        <>
          {props.controls}
          <ScaleSwitch log={log} onChange={setLog} />
        </>
      }
      files={props.files}
      figures={() => latencyFigures(rows, percentiles, zone)}
    >
      <TimePlot
        label={`Latency of ${of} over time: ${shown.map(percentileName).join(", ")}`}
        {...{ height, range, stepMs, releases, gaps }}
        renderTip={(atMs) => {
          const row = stepAt(rows, (r) => Date.parse(r.point.at), { atMs, stepMs });
          return (
            row && (
              <LatencyTip
                row={row}
                {...{ stepMs, percentiles, ghost: ghost ? { q: ghostQ, name: against.name } : null }}
              />
            )
          );
        }}
      >
        {(size) => (
          <PercentileLines
            {...{ size, range, zone, rows, ghost, log }}
            percentiles={shown}
            thresholdUs={props.thresholdUs}
          />
        )}
      </TimePlot>
    </ChartCard>
  );
}

function legendOf(percentiles: readonly number[], ghost: { label: string; title: string } | null): LegendEntry[] {
  const lines = percentiles.map((q) => ({
    key: percentileName(q),
    label: percentileName(q),
    colour: percentileColour(q),
  }));
  return ghost === null ? lines : [...lines, { key: GHOST, ...ghost, colour: "var(--p99)", dashed: true }];
}

interface LatencyTipProps {
  row: LatencyRow;
  stepMs: number;
  percentiles: readonly number[];
  ghost: { q: number; name: string } | null;
}

function LatencyTip({ row, stepMs, percentiles, ghost }: LatencyTipProps) {
  const { point, before } = row;
  const then = ghost !== null && before && before.count > 0 ? pointValue(before, ghost.q) : null;
  return (
    <StepTip atMs={Date.parse(point.at)} stepMs={stepMs} count={point.count}>
      {point.count > 0 &&
        percentiles
          .toReversed()
          .map((q) => (
            <TipRow
              key={q}
              colour={percentileColour(q)}
              name={percentileName(q)}
              value={valueText(pointValue(point, q))}
              faint={isThin(point, q)}
            />
          ))}
      <ThinWords point={point} percentiles={percentiles.filter((q) => isThin(point, q))} />
      {ghost && then !== null && <TipRow name={`p${ghost.q} ${ghost.name}`} value={valueText(then)} faint />}
    </StepTip>
  );
}

const valueText = (us: number | null) => (us === null ? "no data" : formatDuration(us));

function latencyFigures(rows: readonly LatencyRow[], percentiles: readonly number[], zone: string): Figures {
  return {
    columns: [timeColumn(zone), "n", ...percentiles.map((q) => `p${q} (ms)`)],
    rows: rows.map(({ point }) => [
      formatMomentExactly(Date.parse(point.at), zone),
      point.count,
      ...percentiles.map((q) => {
        const us = pointValue(point, q);
        return us === null ? null : us / 1_000;
      }),
    ]),
  };
}
