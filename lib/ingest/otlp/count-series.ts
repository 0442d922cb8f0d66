import type { Connection } from "../../store/db.ts";
import {
  lastPoints,
  lockInstance,
  roomForSeries,
  saveSeries,
  SERIES_KEPT,
  type SeriesOf,
  type SeriesPoint,
} from "../../store/otlp-series.ts";
import { differenceOf } from "./cumulative.ts";
import type { Foreign } from "./foreign.ts";
import type { MetricsTranslation } from "./metrics-translation.ts";
import type { DurationPoint } from "./read-metrics.ts";
import { seriesKeyOf } from "./series-key.ts";

/** A point whose histogram can be read. */
export type GoodPoint = DurationPoint & { histogram: Foreign };

/**
 * Counts the cumulative points of one instance against its last ones, and keeps these. Inside the transaction that stores the batches: what
 * is counted and what is known change together, or not at all.
 */
export async function countSeries(
  tx: Connection,
  of: SeriesOf,
  { points, translation, nowMs }: { points: readonly GoodPoint[]; translation: MetricsTranslation; nowMs: number },
): Promise<void> {
  await lockInstance(tx, of);
  const named = points.map((point) => ({
    point,
    key: seriesKeyOf(point.metric, point.startNs, point.attributes),
    stream: seriesKeyOf(point.metric, point.startNs, null),
  }));
  const before = await lastPoints(tx, of, [...new Set(named.flatMap(({ key, stream }) => [key, stream]))]);
  const after = new Map<string, SeriesPoint>();
  let room = named.every(({ key }) => before.has(key)) ? 0 : await roomForSeries(tx, of.scopeId, nowMs);
  for (const { point, key, stream } of named.sort((a, b) => (a.point.timeNs < b.point.timeNs ? -1 : 1))) {
    const known = after.get(key) ?? before.get(key);
    const isNew = known === undefined;
    if (isNew && room <= 0) {
      translation.collector.reject(
        point.source,
        `of one service at most ${SERIES_KEPT} cumulative series are kept`,
        "unreadable",
        1,
      );
      continue;
    }
    if (isNew) room--;
    if (!countOne(point, known, { translation, streamNs: before.get(stream)?.timeNs })) continue;
    after.set(key, { key, timeNs: point.timeNs, last: point.histogram });
    const seen = (after.get(stream) ?? before.get(stream))?.timeNs ?? 0n;
    if (point.timeNs > seen) after.set(stream, { key: stream, timeNs: point.timeNs, last: null });
  }
  await saveSeries(tx, of, { points: [...after.values()], atMs: nowMs });
}

/** Counts what a point adds. Returns whether it is the last point of its series now. */
function countOne(
  point: GoodPoint,
  known: SeriesPoint | undefined,
  { translation, streamNs }: { translation: MetricsTranslation; streamNs: bigint | undefined },
): boolean {
  // What is kept was written by `saveSeries`.
  const last = known === undefined ? undefined : { timeNs: known.timeNs, last: known.last as Foreign };
  const difference = differenceOf(point, last, streamNs);
  if (difference.kind === "counted") translation.add(point, difference.histogram, difference.fromNs);
  if (difference.kind === "broken")
    translation.collector.reject(point.source, "a cumulative count went down without a new start", "unreadable", 1);
  return difference.kind !== "known";
}
