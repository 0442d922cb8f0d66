"use client";
import { memo, type ReactNode, useMemo } from "react";
import { Bar, BarChart, CartesianGrid, ReferenceLine, XAxis, YAxis } from "recharts";
import { formatRate } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { OutcomeName, Point, ReleaseMark, Series } from "@/lib/query/answers";
import { ChartCard } from "./chart-card";
import { gapsOf } from "./gaps";
import { plotWidth } from "./geometry";
import { Legend, useHidden } from "./legend";
import { OUTCOMES } from "./outcome-names";
import { MARGIN, thresholdLine, timeAxis, valueAxis } from "./percentile-lines";
import { TipRow } from "./plot-tip";
import { stepAt } from "./step-at";
import { StepTip } from "./step-tip";
import { figureTicks, timeTicks } from "./ticks";
import { TimePlot, type Size } from "./time-plot";

interface OutcomesChartProps {
  of: string;
  range: TimeRange;
  series: Series;
  releases: readonly ReleaseMark[];
  height?: number;
  /** Its points as a file. */
  files?: ReactNode;
  /** A line across, requests a second. */
  threshold?: number | undefined;
}

/** Requests per second over time, stacked by outcome. */
export function OutcomesChart({ of, range, series, releases, height = 150, threshold, files }: OutcomesChartProps) {
  const zone = useZone();
  const { hidden, toggle } = useHidden();
  const gaps = useMemo(() => gapsOf(series), [series]);
  const shown = useMemo(() => OUTCOMES.filter(({ name }) => !hidden.has(name)), [hidden]);
  const stepMs = series.stepSeconds * 1_000;
  const entries = OUTCOMES.map(({ name, label, colour }) => ({ key: name, label, colour }));
  return (
    <ChartCard
      title="Throughput"
      note={`requests/s, ${formatWidth(series.stepSeconds)} a bar`}
      height={height}
      legend={<Legend entries={entries} hidden={hidden} toggle={toggle} />}
      files={files}
      figures={() => ({
        columns: [timeColumn(zone), "n", ...OUTCOMES.map(({ label }) => label)],
        rows: series.points.map((point) => [
          formatMomentExactly(Date.parse(point.at), zone),
          point.count,
          ...OUTCOMES.map(({ name }) => point.outcomes[name]),
        ]),
      })}
    >
      <TimePlot
        label={`Requests per second of ${of} by outcome over time`}
        {...{ height, range, stepMs, releases, gaps }}
        renderTip={(atMs) => {
          const point = stepAt(series.points, (p) => Date.parse(p.at), { atMs, stepMs });
          return point && <OutcomesTip point={point} stepMs={stepMs} />;
        }}
      >
        {(size) => <OutcomeBars {...{ size, range, series, zone, threshold }} outcomes={shown.map((o) => o.name)} />}
      </TimePlot>
    </ChartCard>
  );
}

function OutcomesTip({ point, stepMs }: { point: Point; stepMs: number }) {
  return (
    <StepTip atMs={Date.parse(point.at)} stepMs={stepMs} count={point.count}>
      {point.count > 0 &&
        OUTCOMES.toReversed().map(({ name, label, colour }) => (
          <TipRow
            key={name}
            colour={colour}
            name={label}
            value={`${formatRate(point.outcomes[name] / (stepMs / 1_000))}/s, ${formatShare(point.outcomes[name] / point.count)}`}
          />
        ))}
    </StepTip>
  );
}

interface OutcomeBarsProps {
  size: Size;
  range: TimeRange;
  series: Series;
  zone: string;
  outcomes: readonly OutcomeName[];
  threshold: number | undefined;
}

const OutcomeBars = memo(function OutcomeBars({ size, range, series, zone, outcomes, threshold }: OutcomeBarsProps) {
  const { stepSeconds, points } = series;
  const rows = points.map((point) => {
    const row: Record<string, number> = { x: Date.parse(point.at) + stepSeconds * 500 };
    for (const name of outcomes) row[name] = point.outcomes[name] / stepSeconds;
    return row;
  });
  const highest = Math.max(
    0,
    (threshold ?? 0) * 1.05,
    ...rows.map((row) => outcomes.reduce((sum, name) => sum + row[name]!, 0)),
  );
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  const step = (plotWidth(size.width) * stepSeconds * 1_000) / (range.toMs - range.fromMs);
  const barSize = Math.max(1, step > 4 ? step - 1 : step);
  return (
    <BarChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false} barCategoryGap={0} barGap={0}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(figureTicks(highest, (value) => `${Number(value.toPrecision(3))}/s`, 3))} />
      {threshold !== undefined && <ReferenceLine {...thresholdLine(threshold, `${formatRate(threshold)}/s`)} />}
      {OUTCOMES.filter(({ name }) => outcomes.includes(name)).map(({ name, colour }) => (
        <Bar key={name} dataKey={name} stackId="outcome" fill={colour} barSize={barSize} isAnimationActive={false} />
      ))}
    </BarChart>
  );
});
