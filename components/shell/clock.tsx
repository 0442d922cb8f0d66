"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { CLOCK_COOKIE, CLOCKS, keepCookie, type ClockChoice, type ClockPreference } from "./preferences";

interface ClockState {
  choice: ClockChoice;
  /** In which times are written. */
  zone: string;
  choose: (choice: ClockChoice) => void;
}

const ClockContext = createContext<ClockState>({ choice: "utc", zone: "UTC", choose: () => undefined });

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const parser = parseAsStringLiteral(CLOCKS);

export const CLOCK_OPTIONS = [
  { value: "local", label: "Local time" },
  { value: "utc", label: "UTC" },
] as const;

/**
 * In which zone times are written: as the address says (a link shows others the same clock), else as this reader chose
 * last. The first visit is drawn in UTC and turns local as soon as the browser told its zone.
 */
export function ClockProvider({ start, children }: { start: ClockPreference; children: ReactNode }) {
  const [asked, setAsked] = useQueryState("clock", parser);
  const [kept, setKept] = useState(start);
  const choice = asked ?? kept.choice;
  const keep = useCallback((next: ClockChoice) => {
    const zone = browserZone();
    keepCookie(CLOCK_COOKIE, `${next}:${zone}`);
    setKept({ choice: next, zone });
  }, []);
  const choose = useCallback(
    (next: ClockChoice) => {
      keep(next);
      // Local is what nobody has to be told.
      void setAsked(next === "local" ? null : next);
    },
    [keep, setAsked],
  );
  useEffect(() => {
    // Only the browser knows its zone, and only after the server drew the page.
    // oxlint-disable-next-line react/set-state-in-effect
    if (kept.zone !== browserZone()) keep(kept.choice);
  }, [kept, keep]);
  const state = useMemo(
    () => ({ choice, zone: choice === "utc" ? "UTC" : kept.zone, choose }),
    [choice, kept.zone, choose],
  );
  return <ClockContext value={state}>{children}</ClockContext>;
}

/** For pages whose address is sent to others: a clock that is not the usual one is said in it, too. */
export function useClockInAddress(): void {
  const { choice } = useContext(ClockContext);
  const [asked, setAsked] = useQueryState("clock", parser);
  const missing = choice === "utc" && asked === null;
  useEffect(() => {
    if (missing) void setAsked("utc");
  }, [missing, setAsked]);
}

export function useClock(): ClockState {
  return useContext(ClockContext);
}

export function useZone(): string {
  return useContext(ClockContext).zone;
}
