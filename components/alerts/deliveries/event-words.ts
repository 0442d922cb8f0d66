import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

export type DeliveryState = AlertAnswer<"AlertDelivery">["state"];

/** What receivers are told, in words. */
const EVENTS: Record<string, string> = {
  "incident.opened": "Incident opened",
  "incident.updated": "More fires",
  "incident.repeated": "Still firing",
  "incident.resolved": "Resolved",
  "incident.acknowledged": "Acknowledged",
  test: "Test",
};

/** A type that this version does not know is named as it is. */
export const eventWords = (type: string): string => EVENTS[type] ?? type;

export const STATE_WORDS: Record<DeliveryState, string> = {
  waiting: "waiting",
  delivered: "delivered",
  failed: "failed",
};

/** Told by words as well: the colour alone says nothing. */
export const STATE_DOTS: Record<DeliveryState, string> = {
  waiting: "bg-client",
  delivered: "bg-fill",
  failed: "bg-server",
};
