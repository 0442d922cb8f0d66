import { TailfillError } from "../../errors.ts";
import type { Connection } from "../../store/db.ts";
import { saveCoarse } from "../../store/otlp-coarse.ts";
import { hadSpansSince, scopeOf } from "../../store/otlp-scopes.ts";
import type { Scope } from "../../store/scopes.ts";
import { withinTime } from "../../store/within-time.ts";
import { checkDisk, checkRate, type IngestContext } from "../accept.ts";
import { countSeries, type GoodPoint } from "./count-series.ts";
import { MetricsTranslation } from "./metrics-translation.ts";
import { type Export, readExport } from "./read-export.ts";
import { type DurationPoint, MOST_POINTS, readMetrics } from "./read-metrics.ts";
import { instanceKeyOf } from "./series-key.ts";
import { scopeKeyOf } from "./source.ts";
import { type Exported, storeBatches, withPartitions } from "./store-export.ts";
import { countedBy } from "./wanted.ts";

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
  if (counted === "traces" || points.length === 0) return { rejected: 0, reason: "" };
  const work = withPartitions(context, async () => {
    const scopes = await countedScopes(points, context, counted === "metrics");
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
  return points;
}

/** The scopes whose requests metrics count: those that had no spans lately. */
async function countedScopes(
  points: readonly DurationPoint[],
  { db, clock }: IngestContext,
  always: boolean,
): Promise<Map<string, Scope>> {
  const sources = new Map(points.map(({ source }) => [scopeKeyOf(source), source]));
  const scopes = new Map<string, Scope>();
  for (const [key, source] of sources) {
    const scope = await scopeOf(db, source);
    if (always || !(await hadSpansSince(db, scope.id, clock.now() - SPANS_WIN_MS))) scopes.set(key, scope);
  }
  return scopes;
}

interface Work {
  points: readonly DurationPoint[];
  scopes: ReadonlyMap<string, Scope>;
  context: IngestContext;
}

async function store(tx: Connection, told: Export, { points, scopes, context }: Work): Promise<Exported> {
  const nowMs = context.clock.now();
  const translation = new MetricsTranslation(nowMs);
  const cumulative = new Map<string, GoodPoint[]>();
  for (const point of points) {
    const { source, histogram } = point;
    if (!scopes.has(scopeKeyOf(source))) continue;
    if ("bad" in histogram) translation.collector.reject(source, histogram.bad, "unreadable", 1);
    else if (!point.isCumulative) translation.add(point, histogram, point.startNs);
    else {
      const instance = instanceKeyOf(source);
      const own = cumulative.get(instance) ?? [];
      own.push({ ...point, histogram });
      cumulative.set(instance, own);
    }
  }
  // In the same order everywhere: two exports of the same instances must not wait for each other in a circle.
  for (const [instance, own] of [...cumulative].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const scopeId = scopes.get(scopeKeyOf(own[0]!.source))!.id;
    await countSeries(tx, { scopeId, instance }, { points: own, translation, nowMs });
  }
  const days = translation.coarseDays.map(({ source, dayMs, coarseness }) => {
    return { scopeId: scopes.get(scopeKeyOf(source))!.id, dayMs, ...coarseness };
  });
  await saveCoarse(
    tx,
    days.sort((a, b) => a.scopeId - b.scopeId || a.dayMs - b.dayMs),
  );
  const { collector } = translation;
  await storeBatches(tx, told, { filled: collector.filled(), keyId: context.keyId });
  return { rejected: collector.rejected, reason: collector.reason };
}
