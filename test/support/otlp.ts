import { acceptMetrics } from "@/lib/ingest/otlp/take-metrics";
import { acceptTraces } from "@/lib/ingest/otlp/take-traces";
import type { IngestContext } from "@/lib/ingest/accept";
import type { Exported } from "@/lib/ingest/otlp/store-export";

/** Where `ingestContext`'s clock stands. */
export const OTLP_NOW = Date.parse("2026-11-22T10:00:30Z");

/** Nanoseconds as JSON has them: so many seconds before `OTLP_NOW`. */
export const nanosBefore = (seconds: number): string =>
  String(BigInt(Math.round((OTLP_NOW - seconds * 1000) * 1e3)) * 1000n);

/** Attributes as JSON has them. */
export const attributes = (values: Record<string, string | number>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: value } : { stringValue: value },
  }));

export const SHOP = {
  "service.name": "shop",
  "deployment.environment.name": "production",
  "service.instance.id": "web-1",
};

/** Attributes of a request to `GET /users/:id` that went well. */
export const GET_USER = { "http.request.method": "GET", "http.route": "/users/:id", "http.response.status_code": 200 };

interface Metric {
  name?: string;
  unit?: string;
  /** 1 delta, 2 cumulative. */
  temporality?: number;
  points: object[];
  exponential?: boolean;
  resource?: Record<string, string | number>;
}

/** An export of one histogram, as JSON. */
export function metricsOf({ resource = SHOP, ...metric }: Metric): object {
  const { name = "http.server.request.duration", unit = "s", temporality = 1, points, exponential = false } = metric;
  const histogram = { aggregationTemporality: temporality, dataPoints: points };
  const metrics = [{ name, unit, ...(exponential ? { exponentialHistogram: histogram } : { histogram }) }];
  return { resourceMetrics: [{ resource: { attributes: attributes(resource) }, scopeMetrics: [{ metrics }] }] };
}

/** A point with bounds 0.1 and 1 s: of `counts`, of the ten seconds before `OTLP_NOW` − 10 s unless it is said otherwise. */
export function pointOf(counts: number[], changes: Record<string, unknown> = {}): object {
  return {
    attributes: attributes(GET_USER),
    startTimeUnixNano: nanosBefore(20),
    timeUnixNano: nanosBefore(10),
    count: String(counts.reduce((sum, count) => sum + count, 0)),
    bucketCounts: counts.map(String),
    explicitBounds: [0.1, 1],
    ...changes,
  };
}

export interface TestSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  /** 2 server, 3 client. */
  kind?: number;
  /** Seconds before `OTLP_NOW` at which it began. */
  began?: number;
  ms?: number;
  attributes?: Record<string, string | number>;
  status?: object;
}

export function spanOf({ began = 5, ms = 20, ...span }: TestSpan): object {
  return {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    name: "GET /users/:id",
    kind: 2,
    ...span,
    startTimeUnixNano: nanosBefore(began),
    endTimeUnixNano: nanosBefore(began - ms / 1000),
    attributes: attributes(span.attributes ?? GET_USER),
  };
}

export const tracesOf = (spans: TestSpan[], resource: Record<string, string | number> = SHOP): object => ({
  resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans: [{ spans: spans.map(spanOf) }] }],
});

type Body = object | Uint8Array<ArrayBuffer> | string;

export function otlpRequest(signal: "metrics" | "traces", body: Body, headers: Record<string, string> = {}): Request {
  const isBytes = body instanceof Uint8Array;
  return new Request(`http://localhost/v1/${signal}`, {
    method: "POST",
    body: isBytes || typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": isBytes ? "application/x-protobuf" : "application/json", ...headers },
  });
}

type Answer = Exported | string;

/** The answer, or the code of the error. */
export const sendMetrics = (context: IngestContext, body: Body, headers = {}): Promise<Answer> =>
  answer(acceptMetrics(otlpRequest("metrics", body, headers), context));

export const sendTraces = (context: IngestContext, body: Body, headers = {}): Promise<Answer> =>
  answer(acceptTraces(otlpRequest("traces", body, headers), context));

const answer = (work: Promise<Exported>): Promise<Answer> =>
  work.catch((error: unknown) => (error as { code?: string }).code ?? String(error));
