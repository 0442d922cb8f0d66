import { createLoader, createSerializer, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from "nuqs/server";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Ranges that end now, by the name that the address carries; seconds. */
export const PRESETS = {
  "15m": 900,
  "1h": HOUR,
  "3h": 3 * HOUR,
  "6h": 6 * HOUR,
  "12h": 12 * HOUR,
  "24h": DAY,
  "2d": 2 * DAY,
  "7d": 7 * DAY,
  "14d": 14 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
  "400d": 400 * DAY,
} as const;
export type Preset = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as Preset[];

/** Against what the figures are compared: nothing, the stretch right before, the same stretch a day or a week ago. */
export const COMPARISONS = ["off", "before", "day", "week"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Which service and which stretch of time every page of figures looks at; it lives in the address. */
export const viewParsers = {
  service: parseAsString.withDefault(""),
  environment: parseAsString.withDefault(""),
  last: parseAsStringLiteral(PRESET_NAMES).withDefault("1h"),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  compare: parseAsStringLiteral(COMPARISONS).withDefault("before"),
};

export interface View {
  service: string;
  environment: string;
  last: Preset;
  from: Date | null;
  to: Date | null;
  compare: Comparison;
}

export const loadView = createLoader(viewParsers);
/** The view as `?…`, the same for the same view: also the key under which an answer is remembered. */
export const viewSearch: (view: Partial<View>) => string = createSerializer(viewParsers);

export interface TimeRange {
  fromMs: number;
  toMs: number;
  /** Whether it moves on with the clock. */
  relative: boolean;
}

/** The stretch of time that a view means at a moment. An absolute one needs both ends in order; else the preset counts. */
export function rangeOf(view: Pick<View, "last" | "from" | "to">, nowMs: number): TimeRange {
  const from = view.from?.getTime();
  const to = view.to?.getTime();
  if (from !== undefined && to !== undefined && from < to) return { fromMs: from, toMs: to, relative: false };
  return { fromMs: nowMs - PRESETS[view.last] * 1_000, toMs: nowMs, relative: true };
}

/** How far back the stretch to compare with lies, ms; `null` = none. */
export function comparisonShiftMs(compare: Comparison, range: TimeRange): number | null {
  if (compare === "off") return null;
  if (compare === "before") return range.toMs - range.fromMs;
  return (compare === "day" ? DAY : 7 * DAY) * 1_000;
}

export const COMPARISON_NAMES: Record<Comparison, string> = {
  off: "off",
  before: "period before",
  day: "day before",
  week: "week before",
};
