import { countOf, fieldsOf, listOf, numberOf } from "./values.ts";

/** How a histogram of OpenTelemetry cuts values into buckets, in the metric's own unit. */
export type Layout =
  { kind: "explicit"; bounds: readonly number[] } | { kind: "exponential"; scale: number; zeroThreshold: number };

/** A histogram of OpenTelemetry whose counts add up. */
export interface Foreign {
  layout: Layout;
  /** Exponential: the exponent of the first of `counts`. Explicit: 0. */
  offset: number;
  counts: readonly number[];
  /** Exponential: values within the zero threshold. Explicit: 0. */
  zero: number;
  count: number;
  sum?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
}

/** What is wrong with a histogram, in words that end a sentence. */
export type Bad = { bad: string };

type Fields = Readonly<Record<string, unknown>>;

/** From −10 to 20, as the data model has it. */
const SCALES = { lowest: -10, highest: 20 };
/** Exponents of doubles end long before. */
const MOST_OFFSET = 2 ** 31;
/** Of JSON too, where no reader of ours has counted. */
const MOST_BUCKETS = 4_096;

/** Reads an UNTRUSTED point with explicit bounds. */
export function explicitOf(point: Fields): Foreign | Bad {
  const bounds = listOf(point["explicitBounds"], "explicitBounds").map(numberOf);
  const counts = countsOf(point["bucketCounts"]);
  const count = countOf(point["count"]);
  if (counts === undefined || count === undefined) return { bad: "a count is no whole number" };
  if (!isRising(bounds)) return { bad: "its bounds do not rise" };
  if (counts.length === 0 && bounds.length === 0) counts.push(count);
  if (counts.length !== bounds.length + 1) return { bad: "it has not one bucket more than bounds" };
  return whole({ layout: { kind: "explicit", bounds }, offset: 0, counts, zero: 0, count, ...extremesOf(point) });
}

/** Reads an UNTRUSTED point with exponential buckets. */
export function exponentialOf(point: Fields): Foreign | Bad {
  const positive = fieldsOf(point["positive"], "positive");
  const counts = countsOf(positive["bucketCounts"]);
  const [count, zero] = [countOf(point["count"]), countOf(point["zeroCount"])];
  const below = countsOf(fieldsOf(point["negative"], "negative")["bucketCounts"]);
  if (!counts || !below || count === undefined || zero === undefined) return { bad: "a count is no whole number" };
  if (below.some((number) => number > 0)) return { bad: "it has negative values" };
  const [scale, offset] = [numberOf(point["scale"] ?? 0), numberOf(positive["offset"] ?? 0)];
  if (!isWhole(scale) || scale < SCALES.lowest || scale > SCALES.highest) return { bad: "its scale is out of range" };
  if (!isWhole(offset) || Math.abs(offset) > MOST_OFFSET) return { bad: "its offset is out of range" };
  const zeroThreshold = Math.max(0, numberOf(point["zeroThreshold"]) ?? 0);
  return whole({
    layout: { kind: "exponential", scale, zeroThreshold },
    offset,
    counts,
    zero,
    count,
    ...extremesOf(point),
  });
}

function whole(histogram: Foreign): Foreign | Bad {
  const sum = histogram.counts.reduce((all, count) => all + count, histogram.zero);
  return sum === histogram.count ? histogram : { bad: "its buckets do not add up to its count" };
}

function countsOf(list: unknown): number[] | undefined {
  const given = listOf(list, "bucketCounts");
  if (given.length > MOST_BUCKETS) return undefined;
  const counts = given.map(countOf);
  return counts.every((count) => count !== undefined) ? counts : undefined;
}

/** Sum, least and greatest value, as far as they are there and can be. */
function extremesOf(point: Fields): Pick<Foreign, "sum" | "min" | "max"> {
  const [sum, min, max] = ["sum", "min", "max"].map((name) => numberOf(point[name]));
  const fits = min === undefined || max === undefined || min <= max;
  return {
    ...(sum !== undefined && sum >= 0 ? { sum } : {}),
    ...(fits && min !== undefined ? { min } : {}),
    ...(fits && max !== undefined ? { max } : {}),
  };
}

const isWhole = (value: number | undefined): value is number => value !== undefined && Number.isSafeInteger(value);

function isRising(bounds: readonly (number | undefined)[]): bounds is number[] {
  return bounds.every((bound, at) => bound !== undefined && (at === 0 || bound > bounds[at - 1]!));
}
