import {
  createParser,
  createSerializer,
  parseAsArrayOf,
  parseAsFloat,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { isRelative, isoOf, timeOf } from "./time-text";

/** Ranges that end now, and their names. */
export const PRESETS = [
  ["now-15m", "15 min"],
  ["now-1h", "1 h"],
  ["now-3h", "3 h"],
  ["now-6h", "6 h"],
  ["now-12h", "12 h"],
  ["now-24h", "24 h"],
  ["now-2d", "2 d"],
  ["now-7d", "7 d"],
  ["now-14d", "14 d"],
  ["now-30d", "30 d"],
  ["now-90d", "90 d"],
  ["now-400d", "400 d"],
] as const;

/** Against what the figures are compared: nothing, the stretch right before, the same stretch a day or a week ago. */
export const COMPARISONS = ["off", "before", "day", "week"] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const COMPARISON_NAMES: Record<Comparison, string> = {
  off: "off",
  before: "period before",
  day: "day before",
  week: "week before",
};

export const USUAL_PERCENTILES = [50, 95, 99, 99.9];

/** Where a range begins whose address says nothing, or nothing that can be read. */
export const USUAL_FROM = "now-1h";
/** The same while the first request is younger than that: the whole page would be a speck at its right edge. */
const FIRST_FROM = PRESETS[0][0];

const isTime = (text: string) => !Number.isNaN(timeOf(text, 0));
const parseAsTime = createParser({ parse: (text) => (isTime(text) ? text : null), serialize: String });
const parseAsFrom = createParser({ parse: (text) => (isTime(text) ? text : USUAL_FROM), serialize: String });

/** Which service and which stretch of time every page of figures looks at; it lives in the address. */
export const viewParsers = {
  service: parseAsString.withDefault(""),
  environment: parseAsString.withDefault(""),
  from: parseAsFrom,
  to: parseAsTime.withDefault("now"),
  compare: parseAsStringLiteral(COMPARISONS).withDefault("before"),
  percentiles: parseAsArrayOf(parseAsFloat).withDefault(USUAL_PERCENTILES),
};

/** The view as `?…`, what is usual left out. */
export const viewSearch: (view: Partial<View>) => string = createSerializer({
  ...viewParsers,
  from: parseAsFrom.withDefault(USUAL_FROM),
});

export interface View {
  service: string;
  environment: string;
  from: string;
  to: string;
  compare: Comparison;
  percentiles: number[];
}

/** What an address says of it. */
export type AskedView = Omit<View, "from"> & { from: string | null };

/** @param usual where a range begins that ends now, when the address does not say */
export function viewOf(asked: AskedView, usual: string): View {
  return { ...asked, from: asked.from ?? (asked.to === "now" ? usual : USUAL_FROM) };
}

/** What is chosen stands in the address; `null`: what is usual does not. What is so in a server's first minutes only, does. */
export const fromInAddress = (from: string, usual: string): string | null =>
  from === USUAL_FROM && usual === USUAL_FROM ? null : from;

/** The usual start of a range: an hour ago, until then the shortest preset that holds all there is. */
export function usualFrom(firstSampleMs: number | null, nowMs: number): string {
  return firstSampleMs === null || firstSampleMs >= timeOf(FIRST_FROM, nowMs) ? FIRST_FROM : USUAL_FROM;
}

/** No range is narrower than six windows as they are sent, none wider than what is kept. */
const NARROWEST_MS = 60_000;
const WIDEST_MS = 400 * 86_400_000;

export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** Whether the range moves on with the clock. */
export const isLive = (view: Pick<View, "from" | "to">): boolean => isRelative(view.from) && isRelative(view.to);

/**
 * The stretch of time that a view means at a moment; ends in the wrong order or unreadable mean the last hour. As the server
 * takes it, an end further ahead than anything is kept is none: it means now.
 */
export function rangeOf(view: Pick<View, "from" | "to">, nowMs: number): TimeRange {
  const fromMs = timeOf(view.from, nowMs);
  const endMs = timeOf(view.to, nowMs);
  const toMs = endMs > nowMs + WIDEST_MS ? nowMs : endMs;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: nowMs - 3_600_000, toMs: nowMs };
}

/** Parameters that a question may leave out or have besides those of the view. */
export interface QuestionShape {
  only?: readonly string[];
  more?: Record<string, string>;
}

/** The view as parameters of the questions that pages ask; also the key under which an answer is remembered. */
export function questionSearch(view: View, { only, more = {} }: QuestionShape = {}): string {
  const { service, environment, compare, percentiles } = view;
  const ordered = timeOf(view.from, 8e14) < timeOf(view.to, 8e14);
  const search = new URLSearchParams({
    ...(service !== "" && { service }),
    ...(environment !== "" && { environment }),
    from: ordered ? view.from : USUAL_FROM,
    to: ordered ? view.to : "now",
    percentiles: readable(percentiles).join(","),
    ...(compare !== "off" && { compare }),
    ...more,
  });
  for (const name of Array.from(search.keys())) if (only && !only.includes(name)) search.delete(name);
  return search.toString();
}

export const MOST_PERCENTILES = 10;

/** Whether a question may name a percentile: above 0 up to 100, with at most six decimals. */
export const isPercentile = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,6})?$/.test(text) && Number(text) > 0 && Number(text) <= 100;

/** Percentiles that a question may name; somebody may have typed others into the address. */
function readable(percentiles: readonly number[]): readonly number[] {
  const good = percentiles.filter((q) => isPercentile(String(q))).slice(0, MOST_PERCENTILES);
  return good.length > 0 ? good : USUAL_PERCENTILES;
}

/** One width back (−1) or forward (+1); never past now. */
export function stepRange(range: TimeRange, direction: -1 | 1, nowMs: number): Pick<View, "from" | "to"> {
  const width = range.toMs - range.fromMs;
  const toMs = Math.min(nowMs, range.toMs + direction * width);
  return { from: isoOf(toMs - width), to: isoOf(toMs) };
}

/** Twice as wide around the same middle; what would lie ahead of now is taken from before. */
export function widenRange(range: TimeRange, nowMs: number): Pick<View, "from" | "to"> {
  const width = Math.min(WIDEST_MS, 2 * (range.toMs - range.fromMs));
  const toMs = Math.min(nowMs, (range.fromMs + range.toMs + width) / 2);
  return { from: isoOf(toMs - width), to: isoOf(toMs) };
}

/** What was dragged over, in either direction; at least a minute. */
export function narrowRange(oneMs: number, otherMs: number): Pick<View, "from" | "to"> {
  const from = Math.min(oneMs, otherMs);
  const to = Math.max(oneMs, otherMs);
  const missing = Math.max(0, NARROWEST_MS - (to - from));
  return { from: isoOf(from - missing / 2), to: isoOf(to + missing / 2) };
}
