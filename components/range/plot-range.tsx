"use client";
import { useCallback, type ReactNode } from "react";
import { PlotProvider } from "@/components/charts/plot-context";
import { narrowRange, rangeOf, widenRange, type TimeRange, type View } from "./view";

interface PlotRangeProps {
  view: View;
  change: (changes: Partial<View>) => void;
  children: ReactNode;
}

/** Lets every chart inside narrow and widen the page's range. */
export function PlotRange({ view, change, children }: PlotRangeProps) {
  const { from, to } = view;
  const narrow = useCallback((one: number, other: number) => change(narrowRange(one, other)), [change]);
  const widen = useCallback(() => {
    const now = Date.now();
    change(widenRange(rangeOf({ from, to }, now), now));
  }, [change, from, to]);
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
