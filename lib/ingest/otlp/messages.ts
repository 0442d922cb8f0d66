import type { Field, Message } from "./protobuf.ts";

/** What is read of the messages of opentelemetry-proto 1.x; numbers and names as there. */
const fields = (list: Record<number, [name: string, type: Field["type"], isList?: "list"]>): Message =>
  new Map(
    Object.entries(list).map(([number, [name, type, isList]]) => [
      Number(number),
      { name, type, isList: isList !== undefined },
    ]),
  );

/** Lists and maps as values are passed over: no attribute that counts here has one. */
const VALUE = fields({
  1: ["stringValue", "text"],
  2: ["boolValue", "bool"],
  3: ["intValue", "int"],
  4: ["doubleValue", "double"],
});
const ATTRIBUTE = fields({ 1: ["key", "text"], 2: ["value", VALUE] });
const RESOURCE = fields({ 1: ["attributes", ATTRIBUTE, "list"] });

const POINT = fields({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["bucketCounts", "fixed64", "list"],
  7: ["explicitBounds", "double", "list"],
  9: ["attributes", ATTRIBUTE, "list"],
  10: ["flags", "uint"],
  11: ["min", "double"],
  12: ["max", "double"],
});
const BUCKETS = fields({ 1: ["offset", "sint"], 2: ["bucketCounts", "uint", "list"] });
const EXPONENTIAL_POINT = fields({
  1: ["attributes", ATTRIBUTE, "list"],
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["scale", "sint"],
  7: ["zeroCount", "fixed64"],
  8: ["positive", BUCKETS],
  9: ["negative", BUCKETS],
  10: ["flags", "uint"],
  12: ["min", "double"],
  13: ["max", "double"],
  14: ["zeroThreshold", "double"],
});
const HISTOGRAM = fields({ 1: ["dataPoints", POINT, "list"], 2: ["aggregationTemporality", "int"] });
const EXPONENTIAL = fields({ 1: ["dataPoints", EXPONENTIAL_POINT, "list"], 2: ["aggregationTemporality", "int"] });
const METRIC = fields({
  1: ["name", "text"],
  3: ["unit", "text"],
  9: ["histogram", HISTOGRAM],
  10: ["exponentialHistogram", EXPONENTIAL],
});
const SCOPE_METRICS = fields({ 2: ["metrics", METRIC, "list"] });
const RESOURCE_METRICS = fields({ 1: ["resource", RESOURCE], 2: ["scopeMetrics", SCOPE_METRICS, "list"] });
export const METRICS_EXPORT = fields({ 1: ["resourceMetrics", RESOURCE_METRICS, "list"] });

const STATUS = fields({ 3: ["code", "int"] });
const SPAN = fields({
  1: ["traceId", "hex"],
  2: ["spanId", "hex"],
  4: ["parentSpanId", "hex"],
  5: ["name", "text"],
  6: ["kind", "int"],
  7: ["startTimeUnixNano", "fixed64"],
  8: ["endTimeUnixNano", "fixed64"],
  9: ["attributes", ATTRIBUTE, "list"],
  15: ["status", STATUS],
});
const SCOPE_SPANS = fields({ 2: ["spans", SPAN, "list"] });
const RESOURCE_SPANS = fields({ 1: ["resource", RESOURCE], 2: ["scopeSpans", SCOPE_SPANS, "list"] });
export const TRACES_EXPORT = fields({ 1: ["resourceSpans", RESOURCE_SPANS, "list"] });
