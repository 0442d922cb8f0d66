import type { AlertAnswer } from "./alert-answer-schemas.ts";

type Rule = AlertAnswer<"AlertRule">;
/** The worst of what fires in an incident. */
export type AlertLead = AlertAnswer<"AlertIncident">["members"][number];

export type AlertPending = Rule["series"][number] & { ruleId: string; rule: string; firesAt: string | null };

/** A time in which something fired, to be marked on charts. */
export interface AlertMark {
  incident: string;
  rule: string;
  severity: "page" | "ticket";
  endpoint: { id: number; method: string; route: string } | null;
  user: string | null;
  from: string;
  /** Null: it still fires. */
  to: string | null;
}

export interface AlertMarksAnswer {
  /** The first first. */
  marks: AlertMark[];
  /** Whether there were more than are answered. */
  isLimited: boolean;
}

/** What fires at this moment, for every page: how much, and at which endpoints. */
export interface AlertsNowAnswer {
  incidents: number;
  endpoints: { id: number; incident: string; rule: string }[];
}
