"use client";
import { memo, useMemo, type ReactNode } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import { ChartCard } from "@/components/charts/chart-card";
import { plotWidth } from "@/components/charts/geometry";
import { MARGIN, timeAxis, valueAxis } from "@/components/charts/percentile-lines";
import { TipRow } from "@/components/charts/plot-tip";
import { stepAt } from "@/components/charts/step-at";
import { timeTicks } from "@/components/charts/ticks";
import { TimePlot, type Size } from "@/components/charts/time-plot";
import { formatMoment, formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { VALUE_UNITS } from "./value-units";

type BackTest = AlertAnswer<"AlertBackTest">;
type Step = BackTest["values"][number]["steps"][number];

interface ValueChartProps {
  test: BackTest;
  steps: readonly Step[];
  title: string;
  note: string;
  controls?: ReactNode;
  /** Above and below the plot. */
  head?: ReactNode;
  foot?: ReactNode;
}

const HEIGHT = 190;
const VERDICTS: Record<Step["verdict"], string> = {
  ok: "well",
  breach: "breaching",
  no_data: "no data",
  too_few: "too few requests",
  could_not_ask: "could not be asked",
};

/** What a rule judged over time, with its threshold: of each step the worst. */
export function ValueChart({ test, steps, title, note, controls, head, foot }: ValueChartProps) {
  const zone = useZone();
  const { name, write } = VALUE_UNITS[test.unit];
  const stepMs = test.valueSeconds * 1_000;
  const range = useMemo(
    () => ({ fromMs: Date.parse(test.range.from), toMs: Date.parse(test.range.to) }),
    [test.range.from, test.range.to],
  );
  const text = (value: number | null) => (value === null ? "none" : write(value));
  return (
    <ChartCard
      title={title}
      note={note}
      height={HEIGHT}
      controls={controls}
      figures={() => ({
        columns: [timeColumn(zone), name, "threshold", "verdict"],
        rows: steps.map(({ at, value, threshold, verdict }) => [
          formatMomentExactly(Date.parse(at), zone),
          value,
          threshold,
          VERDICTS[verdict],
        ]),
      })}
    >
      {head}
      <TimePlot
        label={`What the rule judged over time: ${name}`}
        height={HEIGHT}
        {...{ range, stepMs }}
        renderTip={(atMs) => {
          const step = stepAt(steps, ({ at }) => Date.parse(at), { atMs, stepMs });
          return (
            step && (
              <>
                <div className="mb-1 flex justify-between gap-4 text-muted">
                  <span>{formatMoment(Date.parse(step.at), zone)}</span>
                  <span>{VERDICTS[step.verdict]}</span>
                </div>
                <TipRow colour="var(--p99)" name="value" value={text(step.value)} />
                <TipRow colour="var(--server)" name="threshold" value={text(step.threshold)} />
              </>
            )
          );
        }}
      >
        {(size) => <ValueLines {...{ size, range, steps, zone }} unit={test.unit} />}
      </TimePlot>
      {foot}
    </ChartCard>
  );
}

interface ValueLinesProps {
  size: Size;
  range: TimeRange;
  steps: readonly Step[];
  zone: string;
  unit: BackTest["unit"];
}

const ValueLines = memo(function ValueLines({ size, range, steps, zone, unit }: ValueLinesProps) {
  const rows = steps.map(({ at, value, threshold }) => ({ x: Date.parse(at), value, threshold }));
  const highest = Math.max(0, ...rows.flatMap(({ value, threshold }) => [value ?? 0, (threshold ?? 0) * 1.05]));
  const x = timeTicks(range, Math.max(2, Math.floor(plotWidth(size.width) / 84)), zone);
  const shared = { dot: false, isAnimationActive: false } as const;
  return (
    <LineChart {...size} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line-soft)" />
      <XAxis {...timeAxis(range, x)} />
      <YAxis {...valueAxis(VALUE_UNITS[unit].ticks(highest))} />
      <Line {...shared} dataKey="threshold" type="stepAfter" stroke="var(--server)" strokeDasharray="6 3" />
      <Line {...shared} dataKey="value" type="linear" stroke="var(--p99)" strokeWidth={1.75} />
    </LineChart>
  );
});
