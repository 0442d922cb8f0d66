"use client";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { useUsualFrom } from "./usual-from";
import { fromInAddress, viewOf, viewParsers, type View } from "./view";

/** The view in the address; each change is a step of the browser's history. */
export function useView(): { view: View; change: (changes: Partial<View>) => void } {
  const [asked, setAsked] = useQueryStates(viewParsers, { history: "push" });
  const usual = useUsualFrom();
  const view = useMemo(() => viewOf(asked, usual), [asked, usual]);
  const change = useCallback(
    ({ from, ...rest }: Partial<View>) =>
      void setAsked({ ...rest, ...(from !== undefined && { from: fromInAddress(from, usual) }) }),
    [setAsked, usual],
  );
  return { view, change };
}
