"use client";
import { useMemo, type ReactNode } from "react";
import { PlotAlerts } from "@/components/charts/alert-marks";
import { useAnswer } from "@/components/data/use-answer";
import { refreshMs } from "@/components/range/refresh";
import { questionSearch, type View } from "@/components/range/view";
import type { AlertMark, AlertMarksAnswer } from "@/lib/query/alert-board-answers";

/** Whose alerts are marked: an endpoint's, a user's, a rule's, an incident's; by default those about whole services. */
export type MarksOf = Partial<Record<"endpoint" | "user" | "rule" | "incident", string>>;

interface MarkedProps {
  of: MarksOf;
  view: View;
  children: ReactNode;
}

/** Charts inside mark when alerts fired. A chart never waits for its marks, and stands without them when they cannot be read. */
export function Marked({ of, view, children }: MarkedProps) {
  const search = questionSearch(view, { only: ["service", "environment", "from", "to", ...Object.keys(of)], more: of });
  const { answer } = useAnswer<AlertMarksAnswer>({ path: "/data/alerts/marks", search, refreshMs: refreshMs(view) });
  const alerts = useMemo(() => (answer?.marks ?? []).map(markOf), [answer]);
  return <PlotAlerts alerts={alerts}>{children}</PlotAlerts>;
}

const markOf = ({ incident, rule, endpoint, user, from, to }: AlertMark) => ({
  key: `${incident} ${endpoint?.id ?? user ?? ""} ${from}`,
  name: rule,
  fromMs: Date.parse(from),
  toMs: to === null ? null : Date.parse(to),
});
