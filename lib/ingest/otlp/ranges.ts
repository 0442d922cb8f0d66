import type { Foreign } from "./foreign.ts";

/** So many values that lie above `lowUs` and not above `highUs`, microseconds; an end that is open is `Infinity`. */
export interface Range {
  lowUs: number;
  highUs: number;
  count: number;
  /** It begins at zero or so near that no factor bounds what its values are. */
  isFirst: boolean;
  /** Its end is the greatest value, or open, because its bucket has none. */
  isLast: boolean;
}

/** Below, our own buckets are wider than 1/128 of their values, microseconds. */
const NEAR_ZERO_US = 128;

/** The used buckets of a histogram, lowest first, narrowed by its least and greatest value. `unitUs`: microseconds of the metric's unit. */
export function rangesOf(histogram: Foreign, unitUs: number): Range[] {
  const { counts, zero, layout } = histogram;
  const used = counts.flatMap((count, at) => (count > 0 ? [{ ...edgesOf(histogram, at), count }] : []));
  if (zero > 0 && layout.kind === "exponential")
    used.unshift({ low: -Infinity, high: layout.zeroThreshold, count: zero });
  return used.map(({ low, high, count }) => {
    const isFirst = low * unitUs < NEAR_ZERO_US;
    return { ...narrowed({ low, high }, histogram, unitUs), count, isFirst, isLast: high === Infinity };
  });
}

interface Edges {
  low: number;
  high: number;
}

function edgesOf({ layout, offset }: Foreign, at: number): Edges {
  if (layout.kind === "explicit")
    return { low: layout.bounds[at - 1] ?? -Infinity, high: layout.bounds[at] ?? Infinity };
  const power = (exponent: number) => 2 ** (exponent * 2 ** -layout.scale);
  return { low: power(offset + at), high: power(offset + at + 1) };
}

function narrowed({ low, high }: Edges, { min, max }: Foreign, unitUs: number) {
  const from = Math.max(0, low, min ?? 0);
  const to = Math.min(Math.max(0, high), max ?? Infinity);
  // A least or greatest value that lies elsewhere than the counts is not believed.
  const [a, b] = from <= to ? [from, to] : [Math.max(0, low), Math.max(0, high)];
  return { lowUs: a * unitUs, highUs: b * unitUs };
}
