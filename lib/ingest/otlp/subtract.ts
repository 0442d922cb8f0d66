import type { Foreign } from "./foreign.ts";

/**
 * What came to a cumulative histogram between two of its points; `null` when the later one is no continuation: a count went down, or
 * the buckets are others. The least and greatest value are those of the whole life, which hold for a part of it too.
 */
export function subtract(now: Foreign, before: Foreign): Foreign | null {
  const last = inLayoutOf(now, before);
  if (last === null || now.count < last.count || now.zero < last.zero) return null;
  const counts = now.counts.map((count, at) => count - (last.counts[at + now.offset - last.offset] ?? 0));
  const count = now.count - last.count;
  const zero = now.zero - last.zero;
  if (counts.some((one) => one < 0)) return null;
  // What a bucket of before had and is no longer there is not in the differences: then they do not add up.
  if (counts.reduce((sum, one) => sum + one, zero) !== count) return null;
  const sum = now.sum === undefined || last.sum === undefined ? undefined : now.sum - last.sum;
  return { ...now, counts, count, zero, sum: sum !== undefined && sum >= 0 ? sum : undefined };
}

function inLayoutOf({ layout }: Foreign, before: Foreign): Foreign | null {
  const other = before.layout;
  if (layout.kind === "explicit")
    return other.kind === "explicit" && sameBounds(layout.bounds, other.bounds) ? before : null;
  if (other.kind !== "exponential" || other.zeroThreshold !== layout.zeroThreshold) return null;
  return layout.scale <= other.scale ? coarser(before, other.scale - layout.scale) : null;
}

const sameBounds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((bound, at) => bound === b[at]);

/** The same counts at a scale that is lower by so much: an SDK goes there when its buckets do not suffice. */
function coarser(histogram: Foreign, by: number): Foreign {
  if (by === 0) return histogram;
  const at = (exponent: number) => Math.floor(exponent / 2 ** by);
  const offset = at(histogram.offset);
  const counts: number[] = [];
  for (const [place, count] of histogram.counts.entries()) {
    const to = at(histogram.offset + place) - offset;
    counts[to] = (counts[to] ?? 0) + count;
  }
  return { ...histogram, offset, counts };
}
