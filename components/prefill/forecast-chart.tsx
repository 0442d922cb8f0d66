"use client";
import { useMemo } from "react";
import { ChartCard } from "@/components/charts/chart-card";
import type { Figures } from "@/components/charts/figures";
import { gapsOf } from "@/components/charts/gaps";
import { Legend, useHidden } from "@/components/charts/legend";
import { TipRow } from "@/components/charts/plot-tip";
import { stepAt } from "@/components/charts/step-at";
import { StepTip } from "@/components/charts/step-tip";
import { TimePlot } from "@/components/charts/time-plot";
import { formatDuration } from "@/components/format/duration";
import { samplesWanted } from "@/components/format/percentile";
import { formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { PrefillHistoryAnswer, PrefillStep } from "@/lib/query/prefill-answers";
import { rangeText } from "./bought";
import { ForecastLines } from "./forecast-lines";
import { PlotWords } from "./plot-words";

interface ForecastChartProps {
  history: PrefillHistoryAnswer;
  range: TimeRange;
  height?: number;
}

const ENTRIES = [
  { key: "predicted", label: "predicted", colour: "var(--fill)", dashed: true },
  { key: "realised", label: "realised", colour: "var(--p99)" },
];

/** The p99 that was predicted, with its interval, and the one that came. */
export function ForecastChart({ history, range, height = 236 }: ForecastChartProps) {
  const zone = useZone();
  const { hidden, toggle } = useHidden();
  const { steps, stepSeconds } = history;
  const gaps = useMemo(() => gapsOf(asSeries(history)), [history]);
  const stepMs = stepSeconds * 1_000;
  return (
    <ChartCard
      title="Predicted and realised"
      note="p99"
      height={height}
      legend={<Legend entries={ENTRIES} hidden={hidden} toggle={toggle} />}
      figures={() => figuresOf(steps, zone)}
    >
      <TimePlot
        label="Predicted and realised p99 over time"
        {...{ height, range, stepMs, gaps }}
        renderTip={(atMs) => {
          const step = stepAt(steps, ({ at }) => Date.parse(at), { atMs, stepMs });
          return step && <ForecastTip step={step} stepMs={stepMs} />;
        }}
      >
        {(size) => (
          <>
            <ForecastLines
              {...{ size, range, zone, steps, stepSeconds }}
              predicted={!hidden.has("predicted")}
              realised={!hidden.has("realised")}
            />
            {steps.length === 0 && <PlotWords>nothing in this range</PlotWords>}
          </>
        )}
      </TimePlot>
    </ChartCard>
  );
}

const asSeries = ({ steps, stepSeconds }: PrefillHistoryAnswer) => ({
  stepSeconds,
  points: steps.map(({ at, count }) => ({ at, count })),
});

function ForecastTip({ step, stepMs }: { step: PrefillStep; stepMs: number }) {
  const { count, p99Us, predictedUs, predictedLowUs, predictedHighUs } = step;
  return (
    <StepTip atMs={Date.parse(step.at)} stepMs={stepMs} count={count}>
      {p99Us !== null && (
        <TipRow colour="var(--p99)" name="realised" value={formatDuration(p99Us)} faint={count < samplesWanted(99)} />
      )}
      {predictedUs !== null && <TipRow colour="var(--fill)" name="predicted" value={formatDuration(predictedUs)} />}
      {predictedLowUs !== null && predictedHighUs !== null && (
        <TipRow name="95 % interval" value={rangeText(predictedLowUs, predictedHighUs)} faint />
      )}
    </StepTip>
  );
}

function figuresOf(steps: readonly PrefillStep[], zone: string): Figures {
  const ms = (us: number | null) => (us === null ? null : us / 1_000);
  return {
    columns: [timeColumn(zone), "n", "realised p99 (ms)", "predicted (ms)", "low (ms)", "high (ms)"],
    rows: steps.map((step) => [
      formatMomentExactly(Date.parse(step.at), zone),
      step.count,
      ms(step.p99Us),
      ms(step.predictedUs),
      ms(step.predictedLowUs),
      ms(step.predictedHighUs),
    ]),
  };
}
