"use client";
import { useCallback, type ReactNode } from "react";
import { PlotProvider } from "@/components/charts/plot-context";
import { narrowRange, widenRange, type TimeRange, type View } from "./view";

interface PlotRangeProps {
  shown: TimeRange;
  change: (changes: Partial<View>) => void;
  children: ReactNode;
}

/** Lets every chart inside narrow and widen the page's range. */
export function PlotRange({ shown, change, children }: PlotRangeProps) {
  const { fromMs, toMs } = shown;
  const narrow = useCallback((one: number, other: number) => change(narrowRange(one, other)), [change]);
  const widen = useCallback(() => change(widenRange({ fromMs, toMs }, Date.now())), [change, fromMs, toMs]);
  return (
    <PlotProvider narrow={narrow} widen={widen}>
      {children}
    </PlotProvider>
  );
}

/** The range of an answer in milliseconds. */
export function shownRange(range: { from: string; to: string }): TimeRange {
  return { fromMs: Date.parse(range.from), toMs: Date.parse(range.to) };
}
