import { parseAsStringLiteral } from "nuqs/server";
import { questionSearch, type View } from "@/components/range/view";
import type { Place } from "./place";

/** Where the page's figures are asked for. */
export const SETTINGS = "/data/prefill/settings";
export const CANDIDATES = "/data/prefill/candidates";
export const EFFECT = "/data/prefill/effect";
export const HISTORY = "/data/prefill/history";

/** Over how long the effect is judged: the more decisions, the narrower its interval. */
export const SPANS = ["7d", "24h", "30d", "range"] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_NAMES: Record<Span, string> = {
  "7d": "last 7 d",
  "24h": "last 24 h",
  "30d": "last 30 d",
  range: "the range above",
};

export const spanParser = parseAsStringLiteral(SPANS).withDefault("7d");

export const placeSearch = ({ service, environment }: Place): string =>
  new URLSearchParams({ service, environment }).toString();

/** Most users that the page lists. */
const MOST_CANDIDATES = 1_000;

/** @param whatIf what somebody tries out */
export function candidatesSearch({ service, environment }: Place, whatIf: Record<string, string> = {}): string {
  return new URLSearchParams({ service, environment, limit: String(MOST_CANDIDATES), ...whatIf }).toString();
}

const RANGE = ["service", "environment", "from", "to"];

export function historySearch(place: Place, view: View): string {
  return questionSearch({ ...view, ...place }, { only: RANGE });
}

export function effectSearch(place: Place, view: View, span: Span): string {
  if (span === "range") return historySearch(place, view);
  return questionSearch({ ...view, ...place, from: `now-${span}`, to: "now" }, { only: RANGE });
}
