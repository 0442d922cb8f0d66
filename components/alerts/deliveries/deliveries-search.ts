import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const STATES = ["waiting", "delivered", "failed"] as const;

/** What of the log is shown; it lives in the address. `open` is the delivery whose attempts are shown. */
export const deliveriesParsers = {
  receiver: parseAsString,
  state: parseAsStringLiteral(STATES),
  rule: parseAsString,
  incident: parseAsString,
  before: parseAsString,
  open: parseAsString,
};

/** Reads it on the server. */
export const loadDeliveriesAsked = createLoader(deliveriesParsers);

export interface DeliveriesAsked {
  receiver: string | null;
  state: (typeof STATES)[number] | null;
  rule: string | null;
  incident: string | null;
  before: string | null;
}

/** Deliveries on a page: each has its request with it. */
const PAGE = "25";

/** The question that the log is read by. */
export function deliveriesSearch({ receiver, state, rule, incident, before }: DeliveriesAsked): string {
  const given = Object.entries({ receiver, state, rule, incident, before }).filter(([, value]) => value !== null);
  return new URLSearchParams([["limit", PAGE], ...(given as [string, string][])]).toString();
}
