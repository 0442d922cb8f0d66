import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPMetricExporter as MetricsAsJson } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as MetricsAsProtobuf } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as TracesAsJson } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as TracesAsProtobuf } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import { testServer, type TestServer } from "../../support/server.ts";
import { countInHex, endpointWindows, userWindows } from "../../support/stored.ts";

let server: TestServer;
let headers: Record<string, string>;

beforeAll(async () => {
  server = await testServer({ owner: true });
  headers = { authorization: `Bearer ${await server.key("ingest")}` };
});
afterAll(() => server?.stop());

const resourceOf = (service: string) =>
  resourceFromAttributes({ "service.name": service, "deployment.environment.name": "test", "service.version": "1.0" });

/** What is counted of a service, by endpoint and outcome, whatever the window. */
async function counted(service: string, windows: typeof endpointWindows | typeof userWindows = endpointWindows) {
  await new Folder(server.db).fold();
  const sums: Record<string, number> = {};
  for (const [key, hex] of await windows(server.db, 0)) {
    const [endpoint = "", , what = ""] = key.split(" | ");
    if (!endpoint.startsWith(`${service} test `) || endpoint.endsWith(" total")) continue;
    const name = `${endpoint.slice(service.length + 6)} ${what}`;
    sums[name] = (sums[name] ?? 0) + countInHex(hex);
  }
  return sums;
}

const ENCODINGS = ["protobuf", "json"] as const;
const COMPRESSIONS = ["none", "gzip"] as const;
const WAYS = ENCODINGS.flatMap((encoding) => COMPRESSIONS.map((compression) => [encoding, compression] as const));
/** The exporters bring a version of the SDK's types of their own. */
const exporterOf = <Exporter>(Class: new (options: never) => unknown, path: string, compression: string) =>
  new Class({ url: `${server.url}${path}`, headers, compression } as never) as Exporter;

describe.each(WAYS)("the OpenTelemetry SDK by %s, compression %s", (encoding, compression) => {
  test("spans: requests by endpoint and user, and their databases", async () => {
    const service = `traces-${encoding}-${compression}`;
    const Class = encoding === "json" ? TracesAsJson : TracesAsProtobuf;
    const processor = new BatchSpanProcessor(exporterOf<SpanExporter>(Class, "/v1/traces", compression));
    const provider = new BasicTracerProvider({ resource: resourceOf(service), spanProcessors: [processor] });
    const tracer = provider.getTracer("test");
    for (let at = 0; at < 20; at++) {
      const attributes = { "http.request.method": "GET", "http.route": "/items/{id}", "user.id": `u${at % 4}` };
      const request = tracer.startSpan("GET", { kind: SpanKind.SERVER, attributes }, context.active());
      askDatabase(request);
      request.setAttribute("http.response.status_code", at === 7 ? 500 : 200).end();
    }
    await provider.forceFlush();
    await provider.shutdown();
    const sums = await counted(service);
    expect(sums).toMatchObject({ "GET /items/{id} ok": 19, "GET /items/{id} server_error": 1 });
    expect(sums).toMatchObject({ "(database) GET /items/{id} ok": 20, "(statements) GET /items/{id} ok": 20 });
    expect(Object.entries(sums).find(([name]) => name.startsWith("(statement) "))?.[1]).toBe(20);
    expect(Object.values(await counted(service, userWindows))).toEqual([5, 5, 5, 5]);

    function askDatabase(request: Span) {
      const attributes = { "db.system.name": "postgresql", "db.query.text": "SELECT * FROM items WHERE id = 7" };
      const inside = trace.setSpan(context.active(), request);
      const statement = tracer.startSpan("SELECT", { kind: SpanKind.CLIENT, attributes }, inside);
      statement.setStatus({ code: SpanStatusCode.OK }).end();
    }
  });

  test.each([
    ["explicit", "delta", AggregationTemporality.DELTA],
    ["explicit", "cumulative", AggregationTemporality.CUMULATIVE],
    ["exponential", "delta", AggregationTemporality.DELTA],
    ["exponential", "cumulative", AggregationTemporality.CUMULATIVE],
  ] as const)("metrics: %s histograms, %s", async (buckets, temporality, temporalityPreference) => {
    const service = `metrics-${encoding}-${compression}-${buckets}-${temporality}`;
    const Class = encoding === "json" ? MetricsAsJson : MetricsAsProtobuf;
    const options = { url: `${server.url}/v1/metrics`, headers, compression, temporalityPreference };
    const exporter = new Class(options as never) as unknown as PushMetricExporter;
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const views =
      buckets === "explicit"
        ? []
        : [{ instrumentName: "http.server.*", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } } as const];
    const provider = new MeterProvider({ resource: resourceOf(service), readers: [reader], views });
    const histogram = provider.getMeter("test").createHistogram("http.server.request.duration", { unit: "s" });
    const record = (seconds: number, status = 200) =>
      histogram.record(seconds, {
        "http.request.method": "POST",
        "http.route": "/orders",
        "http.response.status_code": status,
      });
    for (const seconds of [0.003, 0.02, 0.3, 4]) record(seconds);
    await provider.forceFlush();
    record(0.5);
    record(0.5, 404);
    await provider.forceFlush();
    await provider.shutdown();
    expect(await counted(service)).toEqual({ "POST /orders ok": 5, "POST /orders client_error": 1 });
  });
});

test("what the exporter may not send again, it does not", async () => {
  const answer = await fetch(`${server.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([401, "no-store"]);
  expect(await answer.json()).toMatchObject({ code: 16 });
  const logs = await fetch(`${server.url}/v1/logs`, { method: "POST", headers, redirect: "manual" });
  expect([logs.status, logs.headers.get("content-security-policy")]).toEqual([404, expect.any(String)]);
});
