"use client";
import { useId, type ReactNode } from "react";
import type { TimeRange } from "@/components/range/view";
import type { ReleaseMark } from "@/lib/query/answers";
import { PlotMarks } from "./plot-marks";
import { PlotPointer } from "./plot-pointer";
import { useWidth } from "./use-width";

export interface Size {
  width: number;
  height: number;
}

export interface TimePlotProps {
  /** What is drawn, its unit and its range in words. */
  label: string;
  height: number;
  range: TimeRange;
  stepMs: number;
  /** Draws at a measured size. */
  children: (size: Size) => ReactNode;
  /** What is said of the step at a moment; `y` is the height under the pointer. */
  renderTip: (atMs: number, y: number | null) => ReactNode;
  releases?: readonly ReleaseMark[];
  /** Stretches without a sample. */
  gaps?: readonly TimeRange[];
}

/** Room, pointer, crosshair, marks and selection of a chart over time; what is drawn inside is up to the chart. */
export function TimePlot(props: TimePlotProps) {
  const { label, height, range, stepMs, children, renderTip, releases = [], gaps = [] } = props;
  const [element, width] = useWidth<HTMLDivElement>();
  const id = useId();
  const size = { width, height };
  return (
    <div ref={element} className="relative" style={{ height }}>
      {width > 0 && (
        <>
          <div aria-hidden className="absolute inset-0">
            {children(size)}
          </div>
          <PlotMarks size={size} range={range} releases={releases} gaps={gaps} />
          <PlotPointer id={id} label={label} size={size} range={range} stepMs={stepMs} renderTip={renderTip} />
        </>
      )}
    </div>
  );
}
