"use client";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { CLOCK_COOKIE, keepCookie, type ClockChoice, type ClockPreference } from "./preferences";

interface ClockState extends ClockPreference {
  choose: (choice: ClockChoice) => void;
}

const ClockContext = createContext<ClockState>({ choice: "utc", zone: "UTC", choose: () => undefined });

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** In which zone times are written. The first visit is drawn in UTC and turns local as soon as the browser told its zone. */
export function ClockProvider({ start, children }: { start: ClockPreference; children: ReactNode }) {
  const [preference, setPreference] = useState(start);
  const choose = useCallback((choice: ClockChoice) => {
    const zone = choice === "utc" ? "UTC" : browserZone();
    keepCookie(CLOCK_COOKIE, choice === "utc" ? "utc" : `local:${zone}`);
    setPreference({ choice, zone });
  }, []);
  useEffect(() => {
    // Only the browser knows its zone, and only after the server drew the page.
    // oxlint-disable-next-line react/set-state-in-effect
    if (start.choice === "local" && start.zone !== browserZone()) choose("local");
  }, [start, choose]);
  const state = useMemo(() => ({ ...preference, choose }), [preference, choose]);
  return <ClockContext value={state}>{children}</ClockContext>;
}

export function useClock(): ClockState {
  return useContext(ClockContext);
}

export function useZone(): string {
  return useContext(ClockContext).zone;
}
