"use client";
import { memo, useMemo } from "react";
import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from "recharts";
import { ChartCard } from "@/components/charts/chart-card";
import { gapsOf } from "@/components/charts/gaps";
import { plotWidth } from "@/components/charts/geometry";
import { Legend, useHidden } from "@/components/charts/legend";
import { MARGIN, timeAxis, valueAxis } from "@/components/charts/percentile-lines";
import { TipRow } from "@/components/charts/plot-tip";
import { stepAt } from "@/components/charts/step-at";
import { StepTip } from "@/components/charts/step-tip";
import { latencyTicks, timeTicks } from "@/components/charts/ticks";
import { TimePlot, type Size } from "@/components/charts/time-plot";
import { formatDuration, formatWidth } from "@/components/format/duration";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import { TableFiles } from "@/components/ui/table-files";
import type { ReleaseMark } from "@/lib/query/answers";
import type { DatabaseAnswer, DatabasePoint } from "@/lib/query/database-answers";
import { formatNumber } from "./format-number";
import { TIME_PARTS } from "./time-parts";

interface TimeChartProps {
  of: string;
  answer: DatabaseAnswer;
  /** Of the endpoint: the parameters of its files. */
  files: string;
  range: TimeRange;
  releases: readonly ReleaseMark[];
}

const HEIGHT = 200;

/** The mean request over time, in two parts that add up. */
export function TimeChart({ of, answer, files, range, releases }: TimeChartProps) {
  const zone = useZone();
  const { hidden, toggle } = useHidden();
  const { points, stepSeconds } = answer;
  const gaps = useMemo(() => gapsOf({ points, stepSeconds }), [points, stepSeconds]);
  const shown = useMemo(() => TIME_PARTS.filter(({ key }) => !hidden.has(key)), [hidden]);
  const stepMs = stepSeconds * 1_000;
  return (
    <ChartCard
      title="Where the time goes"
      note={`mean of a request, ${formatWidth(stepSeconds)} a bar`}
      height={HEIGHT}
      legend={<Legend entries={TIME_PARTS} hidden={hidden} toggle={toggle} />}
      files={
        <TableFiles
          table="endpoint-database"
          label="these points"
          search={`${files}&step=${stepSeconds}`}
          range={answer.range}
        />
      }
      figures={() => ({
        columns: [timeColumn(zone), "n", ...TIME_PARTS.map(({ label }) => `${label}, mean (ms)`), "statements, mean"],
        rows: points.map((point) => [
          formatMomentExactly(Date.parse(point.at), zone),
          point.count,
          ...TIME_PARTS.map((part) => milliseconds(part.of(point))),
          point.statements,
        ]),
      })}
    >
      <TimePlot
        label={`Mean time of ${of} at its databases and elsewhere over time`}
        {...{ range, stepMs, releases, gaps }}
        height={HEIGHT}
        renderTip={(atMs) => {
          const point = stepAt(points, (p) => Date.parse(p.at), { atMs, stepMs });
          return point && <TimeTip point={point} stepMs={stepMs} />;
        }}
      >
        {(size) => <TimeBars {...{ size, range, points, stepSeconds, zone }} parts={shown} />}
      </TimePlot>
    </ChartCard>
  );
}

const milliseconds = (us: number | null): number | null => (us === null ? null : us / 1_000);

function TimeTip({ point, stepMs }: { point: DatabasePoint; stepMs: number }) {
  return (
    <StepTip atMs={Date.parse(point.at)} stepMs={stepMs} count={point.count}>
      {point.count > 0 && (
        <>
          {TIME_PARTS.toReversed().map((part) => (
            <TipRow key={part.key} colour={part.colour} name={part.label} value={formatDuration(part.of(point) ?? 0)} />
          ))}
          <TipRow name="Statements a request" value={formatNumber(point.statements ?? 0)} />
        </>
      )}
    </StepTip>
  );
}

interface TimeBarsProps {
  size: Size;
  range: TimeRange;
  points: readonly DatabasePoint[];
  stepSeconds: number;
  zone: string;
  parts: readonly (typeof TIME_PARTS)[number][];
}

const TimeBars = memo(function TimeBars({ size, range, points, stepSeconds, zone, parts }: TimeBarsProps) {
  const rows = points.map((point) => ({
    x: Date.parse(point.at) + stepSeconds * 500,
    ...Object.fromEntries(parts.map((part) => [part.key, part.of(point) ?? 0])),
  }));
  const heights = points.map((point) => parts.reduce((sum, part) => sum + (part.of(point) ?? 0), 0));
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  const step = (plotWidth(size.width) * stepSeconds * 1_000) / (range.toMs - range.fromMs);
  const barSize = Math.max(1, step > 4 ? step - 1 : step);
  return (
    <BarChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false} barCategoryGap={0} barGap={0}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(latencyTicks(Math.max(1, ...heights)))} />
      {parts.map(({ key, colour }) => (
        <Bar key={key} dataKey={key} stackId="time" fill={colour} barSize={barSize} isAnimationActive={false} />
      ))}
    </BarChart>
  );
});
