"use client";
import { useMemo } from "react";
import type { Against } from "@/components/charts/latency-chart";
import type { Before } from "@/lib/query/answers";
import { COMPARISON_NAMES, type Comparison, type TimeRange } from "./view";

/** The period that a page compares with, as charts draw it under the present one. */
export function useBefore(before: Before | null, { fromMs }: TimeRange, compare: Comparison): Against | null {
  return useMemo(
    () =>
      before && {
        series: before.series,
        shiftMs: fromMs - Date.parse(before.range.from),
        name: "before",
        none: "no earlier data",
        words: `the ${COMPARISON_NAMES[compare]}`,
      },
    [before, fromMs, compare],
  );
}
