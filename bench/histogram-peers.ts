import {
  AggregationTemporality,
  AggregationType,
  type ExponentialHistogram,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { Histogram, Registry } from "prom-client";

/** Another way to keep latencies, in microseconds, and to read percentiles of them. */
export interface Quantiles {
  record(us: number): void;
  quantiles(qs: readonly number[]): Promise<number[]>;
}

/** Prometheus' `histogram_quantile` over prom-client's default buckets. */
export function classicHistogram(): Quantiles {
  const histogram = new Histogram({ name: "s", help: "-", registers: [new Registry()] });
  const own = histogram as unknown as {
    upperBounds: number[];
    hashMap: Record<string, { bucketValues: Record<string, number>; count: number }>;
  };
  return {
    record: (us) => histogram.observe(us / 1e6),
    quantiles: async (qs) => {
      const { bucketValues, count } = Object.values(own.hashMap)[0]!;
      return qs.map((q) =>
        classicQuantile(
          own.upperBounds.map((bound) => [bound, bucketValues[String(bound)] ?? 0]),
          { q, count },
        ),
      );
    },
  };
}

function classicQuantile(
  buckets: [bound: number, count: number][],
  { q, count }: { q: number; count: number },
): number {
  const rank = (q / 100) * count;
  let [reached, from] = [0, 0];
  for (const [bound, own] of buckets) {
    if (reached + own >= rank) return (from + ((rank - reached) / own) * (bound - from)) * 1e6;
    reached += own;
    from = bound;
  }
  return from * 1e6;
}

class ByHand extends MetricReader {
  protected override onForceFlush = async (): Promise<void> => undefined;
  protected override onShutdown = async (): Promise<void> => undefined;
}

/** OpenTelemetry's exponential histogram of 160 buckets, read as Prometheus reads native histograms: exponentially within a bucket. */
export function exponentialHistogram(): Quantiles {
  const reader = new ByHand({
    aggregationSelector: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160 } }),
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
  });
  const recorder = new MeterProvider({ readers: [reader] }).getMeter("bench").createHistogram("us");
  return {
    record: (us) => recorder.record(us),
    quantiles: async (qs) => {
      const { resourceMetrics } = await reader.collect();
      const value = resourceMetrics.scopeMetrics[0]!.metrics[0]!.dataPoints[0]!.value as ExponentialHistogram;
      return qs.map((q) => exponentialQuantile(value, q));
    },
  };
}

function exponentialQuantile({ scale, positive, count }: ExponentialHistogram, q: number): number {
  const rank = (q / 100) * count;
  const power = 2 ** -scale;
  let reached = 0;
  for (const [at, own] of positive.bucketCounts.entries()) {
    if (own > 0 && reached + own >= rank) return 2 ** (power * (positive.offset + at + (rank - reached) / own));
    reached += own;
  }
  return Number.NaN;
}
