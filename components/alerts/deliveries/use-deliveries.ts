"use client";
import { useQueryStates } from "nuqs";
import { useAnswer, type Asked, type Initial } from "@/components/data/use-answer";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { deliveriesParsers, deliveriesSearch, type DeliveriesAsked } from "./deliveries-search";

export type Deliveries = AlertAnswer<"AlertDeliveries">;
export type Delivery = Deliveries["deliveries"][number];

export const DELIVERIES = "/api/v1/alerts/deliveries";

interface DeliveriesView {
  asked: Asked<Deliveries>;
  /** What the address asks for. */
  filters: DeliveriesAsked;
  /** Changes it, from the latest delivery on. */
  filter: (changes: Partial<DeliveriesAsked>) => void;
  /** The delivery whose attempts are shown. */
  opened: string | null;
  setOpened: (id: string | null) => void;
}

/** The log that the address asks for; kept up to date while somebody looks at its beginning. */
export function useDeliveries(initial: Initial<Deliveries> | undefined): DeliveriesView {
  const [{ open, ...filters }, setAsked] = useQueryStates(deliveriesParsers, { history: "push" });
  const asked = useAnswer<Deliveries>({
    path: DELIVERIES,
    search: deliveriesSearch(filters),
    refreshMs: filters.before === null ? 5_000 : 30_000,
    ...(initial ? { initial } : {}),
  });
  return {
    asked,
    filters,
    filter: (changes) => void setAsked({ before: null, open: null, ...changes }),
    opened: open,
    setOpened: (id) => void setAsked({ open: id }, { history: "replace" }),
  };
}
