"use client";
import { useMemo, type ReactNode } from "react";
import { formatDuration } from "@/components/format/duration";
import type { PercentileAxis as Axis } from "@/lib/query/answers";
import { AxisPlot } from "./axis-plot";
import { AxisPointer } from "./axis-pointer";
import { reachOf, type AxisLine } from "./axis-rows";
import { ChartCard } from "./chart-card";
import { Legend, useHidden } from "./legend";
import { useSize } from "./use-width";

interface PercentileAxisProps {
  note?: ReactNode;
  lines: readonly AxisLine[];
  /** At least so tall, px; as tall as its column has room for. */
  height: number;
  controls?: ReactNode;
}

const TITLE = "By percentile";

/** Distributions on the classic axis of 1/(1−q): each tick to the right is ten times as rare. */
export function PercentileAxis({ note, lines, height: least, controls }: PercentileAxisProps) {
  const { hidden, toggle } = useHidden();
  const [element, { width, height }] = useSize<HTMLDivElement>();
  const shown = useMemo(() => lines.filter((line) => !hidden.has(line.key) && line.axis.length > 0), [lines, hidden]);
  const reach = reachOf(shown);
  return (
    <ChartCard
      title={TITLE}
      note={note}
      height={Math.max(least, height)}
      grow
      legend={lines.length > 1 && <Legend entries={lines} hidden={hidden} toggle={toggle} />}
      controls={controls}
      figures={() => ({
        columns: ["percentile", "series", "latency (ms)"],
        rows: lines.flatMap((line) => line.axis.map((p) => [`p${p.q}`, line.label, p.latencyUs / 1_000])),
      })}
    >
      <div ref={element} className="relative wide:grow wide:basis-0" style={{ minHeight: least }}>
        {width > 0 && shown.length > 0 && (
          <>
            <div className="absolute inset-0 overflow-hidden">
              <AxisPlot {...{ width, height, reach, lines: shown }} />
            </div>
            <AxisPointer
              label={`${TITLE}: ${shown.map((line) => `${line.label} ${summaryOf(line.axis)}`).join("; ")}`}
              {...{ width, reach, lines: shown }}
            />
          </>
        )}
      </div>
    </ChartCard>
  );
}

function summaryOf(axis: Axis): string {
  const last = axis.at(-1);
  const middle = axis.find((point) => point.q >= 50);
  return middle && last ? `from ${formatDuration(middle.latencyUs)} at p50 to ${formatDuration(last.latencyUs)}` : "";
}
