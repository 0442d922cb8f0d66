import type { BatchWindow } from "../../wire/index.ts";
import { coarsenessOf, coarsest, type Coarseness, EXACT, isCoarse } from "./coarseness.ts";
import { Collector, WINDOW_MS } from "./collector.ts";
import type { Foreign } from "./foreign.ts";
import { rangesOf } from "./ranges.ts";
import type { DurationPoint } from "./read-metrics.ts";
import { requestOf } from "./request-of.ts";
import { scopeKeyOf, type Source } from "./source.ts";
import { spread } from "./spread.ts";

const DAY_MS = 86_400_000;
/** As one batch may say. */
const LONGEST_SECONDS = 3_600;
/** Users are kept by the minute; a little more than one is a timer that was late. */
const MINUTE_SECONDS = 60;
const LATE_SECONDS = 15;

/** What is said of a service and environment on a day. */
export interface CoarseOfDay {
  source: Source;
  dayMs: number;
  coarseness: Coarseness;
}

/** Puts what points count into batches. */
export class MetricsTranslation {
  readonly collector: Collector;
  private readonly coarse = new Map<string, CoarseOfDay>();

  constructor(nowMs: number) {
    this.collector = new Collector(nowMs);
  }

  /** Adds what came between two moments. */
  add(point: DurationPoint, histogram: Foreign, fromNs: bigint): void {
    if (histogram.count === 0) return;
    const { source, unitUs } = point;
    const request = requestOf(point.attributes);
    if (request === null)
      return this.collector.reject(source, "a point has no http.request.method", "rejected", histogram.count);
    const window = windowOf(fromNs, point.timeNs);
    const batch = this.collector.batchFor(source, window, histogram.count);
    if (batch === null) return;
    const ranges = rangesOf(histogram, unitUs);
    const endpoint = batch.endpoint(request.method, request.route);
    const sumUs = histogram.sum === undefined ? undefined : histogram.sum * unitUs;
    batch.lose(
      "over_range",
      spread(ranges, sumUs, (bucket, count) => batch.add(endpoint, request.outcome, bucket, count)),
    );
    if (endpoint.route !== request.route) batch.lose("endpoint_cap", histogram.count);
    if (window.seconds > MINUTE_SECONDS) batch.lose("wide_window", histogram.count);
    this.note(source, window.startMs, coarsenessOf(ranges));
  }

  /** What is to be said of the days whose percentiles are coarse. */
  get coarseDays(): CoarseOfDay[] {
    return [...this.coarse.values()].filter(({ coarseness }) => isCoarse(coarseness));
  }

  private note(source: Source, startMs: number, coarseness: Coarseness): void {
    const dayMs = Math.floor(startMs / DAY_MS) * DAY_MS;
    const key = `${dayMs} ${scopeKeyOf(source)}`;
    const known = this.coarse.get(key)?.coarseness ?? EXACT;
    this.coarse.set(key, { source, dayMs, coarseness: coarsest(known, coarseness) });
  }
}

/** The window of what came between two moments, from a multiple of 10 s on. Without the first, the one in which the second lies. */
export function windowOf(fromNs: bigint, toNs: bigint): BatchWindow {
  const toMs = Number(toNs / 1_000_000n);
  const fromMs = fromNs === 0n || fromNs > toNs ? toMs : Number(fromNs / 1_000_000n);
  const startMs = Math.max(fromMs, toMs - LONGEST_SECONDS * 1_000);
  const seconds = Math.round((toMs - startMs) / 1_000);
  const isMinute = seconds > MINUTE_SECONDS && seconds <= MINUTE_SECONDS + LATE_SECONDS;
  return {
    startMs: Math.floor(startMs / WINDOW_MS) * WINDOW_MS,
    seconds: isMinute ? MINUTE_SECONDS : Math.max(WINDOW_MS / 1_000, seconds),
  };
}
