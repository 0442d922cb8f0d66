"use client";
import { memo, useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from "recharts";
import { formatRequests } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { trimmed } from "@/components/format/trimmed";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { OutcomeName, Point, ReleaseMark, Series } from "@/lib/query/answers";
import { ChartCard } from "./chart-card";
import { gapsOf } from "./gaps";
import { plotWidth } from "./geometry";
import { OUTCOMES } from "./outcome-names";
import { MARGIN, thresholdLine, timeAxis, valueAxis } from "./percentile-lines";
import { TipRow } from "./plot-tip";
import { stepAt } from "./step-at";
import { StepTip } from "./step-tip";
import { figureTicks, timeTicks } from "./ticks";
import { TimePlot, type Size } from "./time-plot";

interface ShareChartProps {
  of: string;
  outcome: OutcomeName;
  range: TimeRange;
  series: Series;
  releases: readonly ReleaseMark[];
  /** A line across, 0 to 1. */
  threshold?: number | undefined;
  height?: number;
}

const shareOf = (point: Point, outcome: OutcomeName): number | null =>
  point.count === 0 ? null : point.outcomes[outcome] / point.count;

/** How many of a step's requests ended in one way, as a share. */
export function ShareChart({ of, outcome, range, series, releases, threshold, height = 224 }: ShareChartProps) {
  const zone = useZone();
  const gaps = useMemo(() => gapsOf(series), [series]);
  const { label, colour } = OUTCOMES.find(({ name }) => name === outcome)!;
  const stepMs = series.stepSeconds * 1_000;
  const total = series.points.reduce((sum, { count }) => sum + count, 0);
  return (
    <ChartCard
      title={`Share of “${label}”`}
      note={`${formatRequests(total)}, ${formatWidth(series.stepSeconds)} a point`}
      height={height}
      figures={() => ({
        columns: [timeColumn(zone), "n", `${label} (%)`],
        rows: series.points.map((point) => {
          const share = shareOf(point, outcome);
          return [formatMomentExactly(Date.parse(point.at), zone), point.count, share === null ? null : share * 100];
        }),
      })}
    >
      <TimePlot
        label={`Share of requests of ${of} that ended as ${label} over time`}
        {...{ height, range, stepMs, releases, gaps }}
        renderTip={(atMs) => {
          const point = stepAt(series.points, (p) => Date.parse(p.at), { atMs, stepMs });
          return (
            point && (
              <StepTip atMs={Date.parse(point.at)} stepMs={stepMs} count={point.count}>
                {point.count > 0 && (
                  <TipRow colour={colour} name={label} value={formatShare(shareOf(point, outcome)!)} />
                )}
              </StepTip>
            )
          );
        }}
      >
        {(size) => <ShareLine {...{ size, range, series, zone, outcome, colour, threshold }} />}
      </TimePlot>
    </ChartCard>
  );
}

interface ShareLineProps {
  size: Size;
  range: TimeRange;
  series: Series;
  zone: string;
  outcome: OutcomeName;
  colour: string;
  threshold: number | undefined;
}

const ShareLine = memo(function ShareLine(props: ShareLineProps) {
  const { size, range, series, zone, outcome, colour, threshold } = props;
  const rows = series.points.map((point) => ({
    x: Date.parse(point.at) + series.stepSeconds * 500,
    share: shareOf(point, outcome),
  }));
  const highest = Math.max(0.001, (threshold ?? 0) * 1.1, ...rows.map(({ share }) => share ?? 0));
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  return (
    <LineChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(figureTicks(highest, (value) => `${Number((value * 100).toPrecision(3))} %`, 4))} />
      {threshold !== undefined && <ReferenceLine {...thresholdLine(threshold, trimmed(formatShare(threshold)))} />}
      <Line
        dataKey="share"
        type="linear"
        stroke={colour}
        strokeWidth={1.75}
        dot={rows.length < 3}
        isAnimationActive={false}
      />
    </LineChart>
  );
});
