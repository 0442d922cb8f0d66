import type { Foreign } from "./foreign.ts";
import { subtract } from "./subtract.ts";

/** What is known of a series, from its last point. */
export interface Known {
  timeNs: bigint;
  last: Foreign;
}

/** A point of a cumulative series. */
export interface CumulativePoint {
  startNs: bigint;
  timeNs: bigint;
  histogram: Foreign;
}

export type Difference =
  /** Came between two moments. */
  | { kind: "counted"; histogram: Foreign; fromNs: bigint }
  /** Is where counting begins: what it holds came at times that nobody knows. */
  | { kind: "base" }
  /** Was there before, or a later one was. */
  | { kind: "known" }
  /** Is no continuation of the last point, nor a new start: it is where counting begins again. */
  | { kind: "broken" };

/** What began longer ago may have been counted under a row that is forgotten; see `SERIES_KEPT_MS`. */
const LONGEST_NS = 3_600_000_000_000n;

/**
 * What a point of a cumulative series adds. A series is told apart by its start as well, so that a process that starts again is a new
 * one, and so are two processes under one name. The first point of a series counts when it is known that all of it is new: when it began
 * in the last hour, or when the same process has sent points without this series.
 * @param streamNs when points of the same metric and start were last seen before
 */
export function differenceOf(
  point: CumulativePoint,
  known: Known | undefined,
  streamNs: bigint | undefined,
): Difference {
  const { startNs, timeNs, histogram } = point;
  if (known !== undefined) {
    if (timeNs <= known.timeNs) return { kind: "known" };
    const more = subtract(histogram, known.last);
    return more === null ? { kind: "broken" } : { kind: "counted", histogram: more, fromNs: known.timeNs };
  }
  if (streamNs !== undefined && streamNs < timeNs && timeNs - streamNs <= LONGEST_NS)
    return { kind: "counted", histogram, fromNs: streamNs };
  if (startNs > 0n && startNs <= timeNs && timeNs - startNs <= LONGEST_NS)
    return { kind: "counted", histogram, fromNs: startNs };
  return { kind: "base" };
}
