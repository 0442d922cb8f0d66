import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TailfillError } from "@/lib/errors";
import { METRICS_EXPORT, TRACES_EXPORT } from "@/lib/ingest/otlp/messages";
import { MOST_MESSAGES, readMessage } from "@/lib/ingest/otlp/protobuf";
import { readMetrics } from "@/lib/ingest/otlp/read-metrics";
import { readTraces } from "@/lib/ingest/otlp/read-traces";

const resource = resourceFromAttributes({ "service.name": "shop", "service.version": "1.2", "a.list": ["x", "y"] });

function someSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer("test");
  const server = tracer.startSpan("GET /ü", { kind: SpanKind.SERVER, startTime: [1_795_341_600, 123_456_789] });
  server.setAttributes({ "http.request.method": "GET", "http.response.status_code": 500, ratio: 0.25, "is.so": false });
  server.setAttributes({ "user.id": "９９", negative: -7, list: [1, 2] });
  const inside = trace.setSpan(context.active(), server);
  const client = tracer.startSpan("SELECT", { kind: SpanKind.CLIENT }, inside);
  client.addEvent("row").setStatus({ code: SpanStatusCode.ERROR, message: "no" }).end();
  server.end([1_795_341_601, 1]);
  return exporter.getFinishedSpans();
}

async function someMetrics(type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM | AggregationType.EXPONENTIAL_HISTOGRAM) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const views = [{ instrumentName: "*", aggregation: { type } as never }];
  const provider = new MeterProvider({ resource, readers: [reader], views });
  const histogram = provider.getMeter("test").createHistogram("http.server.request.duration", { unit: "s" });
  for (const seconds of [0, 0.001, 0.2, 0.21, 3, 77.5]) histogram.record(seconds, { "http.route": "/a" });
  histogram.record(1, { "http.route": "/b", number: 2 ** 40 });
  await provider.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  return metrics!;
}

const parse = (bytes: Uint8Array | undefined) => JSON.parse(Buffer.from(bytes!).toString()) as unknown;

describe("what the JavaScript SDK writes", () => {
  test("spans are the same in protobuf and in JSON", () => {
    const spans = someSpans() as never;
    const binary = [...readTraces(readMessage(ProtobufTraceSerializer.serializeRequest(spans)!, TRACES_EXPORT))];
    expect(binary).toEqual([...readTraces(parse(JsonTraceSerializer.serializeRequest(spans)))]);
    const [client, server] = binary;
    expect(server).toMatchObject({ kind: "server", name: "GET /ü", isError: false, parentId: "" });
    expect([server!.startNs, server!.endNs]).toEqual([1_795_341_600_123_456_789n, 1_795_341_601_000_000_001n]);
    expect(Object.fromEntries(server!.attributes)).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": "500",
      ratio: "0.25",
      "is.so": "false",
      "user.id": "９９",
      negative: "-7",
    });
    expect(client).toMatchObject({ kind: "client", isError: true, traceId: server!.traceId, parentId: server!.spanId });
    expect(server!.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([AggregationType.EXPLICIT_BUCKET_HISTOGRAM, AggregationType.EXPONENTIAL_HISTOGRAM] as const)(
    "histograms are the same in protobuf and in JSON (%s)",
    async (type) => {
      const metrics = (await someMetrics(type)) as never;
      const binary = [
        ...readMetrics(readMessage(ProtobufMetricsSerializer.serializeRequest(metrics)!, METRICS_EXPORT)),
      ];
      expect(binary).toEqual([...readMetrics(parse(JsonMetricsSerializer.serializeRequest(metrics)))]);
      expect(binary).toHaveLength(2);
      expect(binary[0]).toMatchObject({
        source: { service: "shop", environment: "production", release: "1.2" },
        isCumulative: true,
        histogram: { count: 6, min: 0, max: 77.5 },
      });
      expect(binary[1]!.attributes.get("number")).toBe(String(2 ** 40));
    },
  );
});

/** What reading these bytes as spans ends with. */
function read(bytes: Uint8Array): string {
  try {
    return `${[...readTraces(readMessage(bytes, TRACES_EXPORT))].length} spans`;
  } catch (error) {
    if (error instanceof TailfillError) return error.code;
    throw error;
  }
}

describe("hostile bytes", () => {
  const good = ProtobufTraceSerializer.serializeRequest(someSpans() as never)!;

  test("whatever comes is read or refused, and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(read(bytes)).toMatch(/^(\d+ spans|not_otlp)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("an export that was cut or changed is read or refused, and nothing else", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = byte;
        expect(read(bytes.subarray(0, length))).toMatch(/^(\d+ spans|not_otlp)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["a length beyond the end", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["a length of 64 bits", [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ["a number without an end", [0x08, ...Array<number>(11).fill(0xff)]],
    ["a group", [0x0b, 0x0c]],
    ["the field 0", [0x02, 0x00]],
    ["half a number", [0x09, 1, 2, 3]],
  ])("%s is refused", (_, bytes) => {
    expect(read(Uint8Array.from(bytes))).toBe("not_otlp");
  });

  test("empty parts by the million are refused before they are made", () => {
    const bytes = new Uint8Array(2 * (MOST_MESSAGES + 1));
    for (let at = 0; at < bytes.length; at += 2) bytes[at] = 0x0a;
    expect(read(bytes)).toBe("not_otlp");
  });

  test("buckets by the million are refused", () => {
    // resourceMetrics · scopeMetrics · metrics · exponentialHistogram · dataPoints · positive · bucketCounts
    let bytes = new Uint8Array(3_000_000);
    for (const field of [2, 8, 1, 10, 2, 2, 1]) bytes = wrapped(field, bytes);
    expect(() => readMessage(bytes, METRICS_EXPORT)).toThrow("buckets");
  });

  test("JSON of other shapes is refused", () => {
    for (const body of [
      [],
      7,
      { resourceSpans: {} },
      { resourceSpans: [7] },
      { resourceSpans: [{ scopeSpans: [{ spans: "x" }] }] },
    ])
      expect(() => [...readTraces(body)]).toThrow(TailfillError);
    expect([...readTraces({ resourceSpans: [{ resource: null, scopeSpans: null }] })]).toEqual([]);
    expect([...readTraces({ another: 1 })]).toEqual([]);
  });
});

function wrapped(field: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = [field * 8 + 2];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    head.push(rest >= 128 ? (rest % 128) | 128 : rest);
    if (rest < 128) break;
  }
  return new Uint8Array(Buffer.concat([Uint8Array.from(head), bytes]));
}
