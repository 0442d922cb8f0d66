import { TailfillError } from "../../errors.ts";
import type { Connection } from "../../store/db.ts";
import { type CoarseDay, saveCoarse } from "../../store/otlp-coarse.ts";
import { hadSpansSince, scopeOf } from "../../store/otlp-scopes.ts";
import type { Scope } from "../../store/scopes.ts";
import { withinTime } from "../../store/within-time.ts";
import { checkDisk, checkRate, type IngestContext } from "../accept.ts";
import { countSeries, type GoodPoint } from "./count-series.ts";
import { MetricsTranslation } from "./metrics-translation.ts";
import { type Export, readExport } from "./read-export.ts";
import { type DurationPoint, MOST_POINTS, readMetrics, withoutTwins } from "./read-metrics.ts";
import { instanceKeyOf } from "./series-key.ts";
import { scopeKeyOf } from "./source.ts";
import { type Exported, storeBatches, withPartitions } from "./store-export.ts";
import { type Counted, countedBy } from "./wanted.ts";

/** After the last span so long, metrics count again. */
export const SPANS_WIN_MS = 3_600_000;
const LIMITS = { timeout: 20_000, maxWait: 5_000 };

/**
 * Takes in an export of metrics. When this returns, it is committed; sent again, it changes nothing.
 * @throws TailfillError for whatever is refused as a whole, and then nothing was stored
 */
export async function acceptMetrics(request: Request, context: IngestContext): Promise<Exported> {
  checkRate({ context });
  await checkDisk({ context });
  const counted = countedBy(request);
  const told = await readExport(request, "metrics");
  const points = pointsOf(told);
  if (points.length === 0) return { rejected: 0, reason: "" };
  const work = withPartitions(context, async () => {
    const scopes = await scopesOf(points, context, counted);
    return context.db.$transaction((tx) => store(tx, told, { points, scopes, context }), LIMITS);
  });
  return withinTime(work);
}

function pointsOf(told: Export): DurationPoint[] {
  const points: DurationPoint[] = [];
  for (const point of readMetrics(told.body)) {
    if (points.length === MOST_POINTS)
      throw new TailfillError("too_large", `The export has more than ${MOST_POINTS} points of requests.`);
    points.push(point);
  }
  return withoutTwins(points);
}

/** A service and environment, and whether its requests are counted by metrics. */
type CountedScope = Scope & { isCounted: boolean };

async function scopesOf(
  points: readonly DurationPoint[],
  { db, clock }: IngestContext,
  counted: Counted,
): Promise<Map<string, CountedScope>> {
  const sources = new Map(points.map(({ source }) => [scopeKeyOf(source), source]));
  const scopes = new Map<string, CountedScope>();
  for (const [key, source] of sources) {
    const scope = await scopeOf(db, source);
    const isCounted =
      counted === "metrics" ||
      (counted === undefined && !(await hadSpansSince(db, scope.id, clock.now() - SPANS_WIN_MS)));
    scopes.set(key, { ...scope, isCounted });
  }
  return scopes;
}

interface Work {
  points: readonly DurationPoint[];
  scopes: ReadonlyMap<string, CountedScope>;
  context: IngestContext;
}

async function store(tx: Connection, told: Export, { points, scopes, context }: Work): Promise<Exported> {
  const nowMs = context.clock.now();
  const translation = new MetricsTranslation(nowMs);
  const cumulative = new Map<string, GoodPoint[]>();
  for (const point of points) {
    const { source, histogram } = point;
    const { isCounted } = scopes.get(scopeKeyOf(source))!;
    if ("bad" in histogram) {
      if (isCounted) translation.collector.reject(source, histogram.bad, "unreadable", 1);
    } else if (point.isCumulative) addTo(cumulative, { ...point, histogram });
    else if (isCounted) translation.add(point, histogram, point.startNs);
  }
  // In the same order everywhere: two exports of the same instances must not wait for each other in a circle.
  for (const [instance, own] of [...cumulative].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { id: scopeId, isCounted } = scopes.get(scopeKeyOf(own[0]!.source))!;
    // What spans have counted must not come again with the first difference after them: the last points are kept all the same.
    const into = isCounted ? translation : new MetricsTranslation(nowMs);
    await countSeries(tx, { scopeId, instance }, { points: own, translation: into, nowMs });
  }
  await saveCoarse(tx, coarseDays(translation, scopes));
  const { collector } = translation;
  await storeBatches(tx, told, { filled: collector.filled(), keyId: context.keyId });
  return { rejected: collector.rejected, reason: collector.reason };
}

function addTo(groups: Map<string, GoodPoint[]>, point: GoodPoint): void {
  const instance = instanceKeyOf(point.source);
  const own = groups.get(instance);
  if (own === undefined) groups.set(instance, [point]);
  else own.push(point);
}

function coarseDays(translation: MetricsTranslation, scopes: ReadonlyMap<string, Scope>): CoarseDay[] {
  const days = translation.coarseDays.map(({ source, dayMs, coarseness }) => {
    return { scopeId: scopes.get(scopeKeyOf(source))!.id, dayMs, ...coarseness };
  });
  return days.sort((a, b) => a.scopeId - b.scopeId || a.dayMs - b.dayMs);
}
