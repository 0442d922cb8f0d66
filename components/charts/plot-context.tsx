"use client";
import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

/** What is pointed at, shared by the charts of a page. */
export interface Pointed {
  atMs: number;
  /** The chart under the pointer: it alone shows the figures. */
  chart: string;
  /** Height under the pointer in that chart, px; `null` from the keyboard. */
  y: number | null;
}

/** A value outside of React's state: moving the pointer redraws lines, not charts. */
export class PointedStore {
  #value: Pointed | null = null;
  readonly #listeners = new Set<() => void>();

  get = (): Pointed | null => this.#value;

  set = (value: Pointed | null): void => {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

interface PlotControls {
  pointed: PointedStore;
  /** Looks at a part of the range, in all charts. */
  narrow: (oneMs: number, otherMs: number) => void;
  widen: () => void;
}

const PlotContext = createContext<PlotControls | null>(null);

type PlotProviderProps = Omit<PlotControls, "pointed"> & { children: ReactNode };

export function PlotProvider({ narrow, widen, children }: PlotProviderProps) {
  const [pointed] = useState(() => new PointedStore());
  const controls = useMemo(() => ({ pointed, narrow, widen }), [pointed, narrow, widen]);
  return <PlotContext value={controls}>{children}</PlotContext>;
}

export function usePlot(): PlotControls {
  const controls = useContext(PlotContext);
  if (controls === null) throw new Error("A chart over time stands outside of a PlotProvider.");
  return controls;
}
