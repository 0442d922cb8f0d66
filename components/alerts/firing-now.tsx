"use client";
import { Bell } from "lucide-react";
import { createContext, useContext, type ReactNode } from "react";
import { useAnswer } from "@/components/data/use-answer";
import { shownShort } from "@/components/format/shown";
import type { AlertsNowAnswer } from "@/lib/query/alert-board-answers";

const NOTHING: AlertsNowAnswer = { incidents: 0, endpoints: [] };
const Context = createContext(NOTHING);
/** Rules are judged every ten seconds. */
const REFRESH_MS = 10_000;

/** Lets every page know what fires. Nothing is said when that cannot be read: the page's own figures say what is wrong. */
export function FiringNow({ children }: { children: ReactNode }) {
  const { answer } = useAnswer<AlertsNowAnswer>({ path: "/data/alerts/now", search: "", refreshMs: REFRESH_MS });
  return <Context value={answer ?? NOTHING}>{children}</Context>;
}

/** How many incidents are open, beside the name of their page. */
export function FiringCount() {
  const { incidents } = useContext(Context);
  if (incidents === 0) return null;
  return (
    <span className="rounded-full bg-server px-1.5 text-tiny leading-4 font-semibold text-surface figures">
      {incidents > 99 ? "99+" : incidents}
      <span className="sr-only"> firing</span>
    </span>
  );
}

/** A sign that an alert fires at an endpoint. */
export function FiringSign({ endpoint }: { endpoint: number }) {
  const rules = useContext(Context).endpoints.filter(({ id }) => id === endpoint);
  if (rules.length === 0) return null;
  const names = rules.map(({ rule }) => shownShort(rule, 60)).join(", ");
  return (
    <span title={`Alert: ${names}`} className="ml-1.5 shrink-0 self-center text-server">
      <Bell size={12} aria-hidden />
      <span className="sr-only">, alert: {names}</span>
    </span>
  );
}
