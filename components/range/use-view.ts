"use client";
import { useQueryStates } from "nuqs";
import { useCallback } from "react";
import { viewParsers, type View } from "./view";

/** The view in the address; each change is a step of the browser's history. */
export function useView(): { view: View; change: (changes: Partial<View>) => void } {
  const [view, setView] = useQueryStates(viewParsers, { history: "push" });
  const change = useCallback((changes: Partial<View>) => void setView(changes), [setView]);
  return { view, change };
}
