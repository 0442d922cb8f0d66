"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { isoOf, timeOf } from "@/components/range/time-text";
import { PRESETS, USUAL_FROM, type View } from "@/components/range/view";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

type Incident = Pick<AlertAnswer<"AlertIncident">, "openedAt" | "resolvedAt">;

const parsers = { from: parseAsString, to: parseAsString };
const LEAST_BEFORE_MS = 1_800_000;

/** The time around an incident, until somebody chose another one: it lives in the address then, as on other pages. */
export function useIncidentView(
  incident: Incident,
  nowMs: number,
): { view: View; change: (changes: Partial<View>) => void } {
  const [asked, setAsked] = useQueryStates(parsers, { history: "push" });
  const { openedAt, resolvedAt } = incident;
  const around = aroundOf({ openedAt, resolvedAt }, nowMs);
  const chosen = asked.from === null && asked.to === null ? null : asked;
  const [from, to] = [chosen ? (chosen.from ?? USUAL_FROM) : around.from, chosen ? (chosen.to ?? "now") : around.to];
  const view = useMemo(
    () => ({ service: "", environment: "", compare: "off" as const, percentiles: [], from, to }),
    [from, to],
  );
  const change = useCallback(
    ({ from, to }: Partial<View>) => void setAsked({ ...(from && { from }), ...(to && { to }) }),
    [setAsked],
  );
  return { view, change };
}

/** Of one that goes on: the shortest preset that holds half an hour before it, too. Of one that is over: that, and a while after its end. */
export function aroundOf({ openedAt, resolvedAt }: Incident, nowMs: number): Pick<View, "from" | "to"> {
  const opened = Date.parse(openedAt);
  if (resolvedAt === null) {
    const wanted = opened - LEAST_BEFORE_MS;
    const [from] = PRESETS.find(([text]) => timeOf(text, nowMs) <= wanted) ?? PRESETS.at(-1)!;
    return { from, to: "now" };
  }
  const room = Math.max(LEAST_BEFORE_MS, (Date.parse(resolvedAt) - opened) / 2);
  return { from: isoOf(opened - room), to: isoOf(Date.parse(resolvedAt) + room / 2) };
}
