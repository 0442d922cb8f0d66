"use client";
import { useMemo } from "react";
import { ChartCard } from "@/components/charts/chart-card";
import type { Figures } from "@/components/charts/figures";
import { Legend, useHidden } from "@/components/charts/legend";
import { TipRow } from "@/components/charts/plot-tip";
import { stepAt } from "@/components/charts/step-at";
import { TimePlot } from "@/components/charts/time-plot";
import { formatCountExactly } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatMoment, formatMomentExactly, timeColumn } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";
import { useZone } from "@/components/shell/clock";
import type { PrefillHistoryAnswer, PrefillStep } from "@/lib/query/prefill-answers";
import { countOf, FILL_SERIES, type FillSeriesName } from "./fill-names";
import { FillBars } from "./fill-bars";
import { PlotWords } from "./plot-words";

interface FillsChartProps {
  history: PrefillHistoryAnswer;
  range: TimeRange;
  height?: number;
}

/** Decisions over time by what became of them. */
export function FillsChart({ history, range, height = 170 }: FillsChartProps) {
  const zone = useZone();
  const { hidden, toggle } = useHidden();
  const { steps, stepSeconds } = history;
  const known = useMemo(
    () => FILL_SERIES.filter(({ name }) => USUAL.has(name) || steps.some((step) => countOf(step, name) > 0)),
    [steps],
  );
  const shown = useMemo(() => known.filter(({ name }) => !hidden.has(name)), [known, hidden]);
  const stepMs = stepSeconds * 1_000;
  const entries = known.map(({ name, label, words, colour }) => ({ key: name, label, colour, title: words }));
  return (
    <ChartCard
      title="Fills"
      note={`by state, ${formatWidth(stepSeconds)} a bar`}
      height={height}
      legend={<Legend entries={entries} hidden={hidden} toggle={toggle} />}
      figures={() => figuresOf(steps, zone)}
    >
      <TimePlot
        label="Fills by state, and withheld decisions, over time"
        {...{ height, range, stepMs }}
        renderTip={(atMs) => {
          const step = stepAt(steps, ({ at }) => Date.parse(at), { atMs, stepMs });
          return step && <FillsTip step={step} known={known} zone={zone} />;
        }}
      >
        {(size) => (
          <>
            <FillBars {...{ size, range, zone, steps, stepSeconds }} series={shown} />
            {!steps.some((step) => known.some(({ name }) => countOf(step, name) > 0)) && (
              <PlotWords>nothing filled in this range</PlotWords>
            )}
          </>
        )}
      </TimePlot>
    </ChartCard>
  );
}

/** Always in the legend; the others when there are any. */
const USUAL = new Set<FillSeriesName>(["filled", "withheld"]);

function FillsTip({ step, known, zone }: { step: PrefillStep; known: (typeof FILL_SERIES)[number][]; zone: string }) {
  const some = known.filter(({ name }) => countOf(step, name) > 0);
  return (
    <>
      <div className="mb-1 text-muted">{formatMoment(Date.parse(step.at), zone)}</div>
      {some.length === 0 && <div>no decisions</div>}
      {some.toReversed().map(({ name, label, colour }) => (
        <TipRow key={name} colour={colour} name={label} value={formatCountExactly(countOf(step, name))} />
      ))}
      {step.fillSeconds > 0 && <TipRow name="work" value={`${step.fillSeconds.toFixed(1)} s`} faint />}
    </>
  );
}

function figuresOf(steps: readonly PrefillStep[], zone: string): Figures {
  return {
    columns: [timeColumn(zone), ...FILL_SERIES.map(({ label }) => label), "used", "unused", "work (s)", "budget (s)"],
    rows: steps.map((step) => [
      formatMomentExactly(Date.parse(step.at), zone),
      ...FILL_SERIES.map(({ name }) => countOf(step, name)),
      step.used,
      step.unused,
      step.fillSeconds,
      step.budgetSeconds,
    ]),
  };
}
