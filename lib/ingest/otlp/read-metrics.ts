import { type Attributes, attributesOf } from "./attributes.ts";
import { type Bad, explicitOf, exponentialOf, type Foreign } from "./foreign.ts";
import { instanceKeyOf } from "./series-key.ts";
import { type Source, sourceOf } from "./source.ts";
import { fieldsOf, listOf, nanosOf, numberOf, textOf } from "./values.ts";

/** One point of a histogram of request durations. */
export interface DurationPoint {
  source: Source;
  metric: string;
  /** Microseconds of the metric's unit. */
  unitUs: number;
  isCumulative: boolean;
  attributes: Attributes;
  /** Nanoseconds since 1970; 0: it is not told. */
  startNs: bigint;
  timeNs: bigint;
  histogram: Foreign | Bad;
}

/** The metrics that are read: by the stable conventions, and by those before. */
const STABLE = "http.server.request.duration";
const METRICS: readonly string[] = [STABLE, "http.server.duration"];
const UNITS_US: Record<string, number> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };
const USUAL_UNIT: Record<string, string> = { "http.server.request.duration": "s", "http.server.duration": "ms" };
const [DELTA, CUMULATIVE] = [1, 2];
const NO_RECORDED_VALUE = 1;
/** As long as one may be, and each of them a few hundred bytes. */
export const MOST_POINTS = 20_000;

type Fields = Readonly<Record<string, unknown>>;

/** The points of an UNTRUSTED export that tell of requests. Metrics of other names are passed over. @throws TailfillError `not_otlp` */
export function* readMetrics(body: unknown): Generator<DurationPoint> {
  for (const one of listOf(fieldsOf(body, "body")["resourceMetrics"], "resourceMetrics")) {
    const { resource, scopeMetrics } = fieldsOf(one, "resourceMetrics");
    const source = sourceOf(attributesOf(fieldsOf(resource, "resource")["attributes"]));
    for (const scope of listOf(scopeMetrics, "scopeMetrics"))
      for (const metric of listOf(fieldsOf(scope, "scopeMetrics")["metrics"], "metrics"))
        yield* pointsOf(source, fieldsOf(metric, "metric"));
  }
}

function* pointsOf(source: Source, metric: Fields): Generator<DurationPoint> {
  const name = textOf(metric["name"]);
  if (!METRICS.includes(name)) return;
  const exponential = metric["exponentialHistogram"] !== undefined;
  const kind = exponential ? "exponentialHistogram" : "histogram";
  const { dataPoints, aggregationTemporality } = fieldsOf(metric[kind], kind);
  const unitUs = UNITS_US[textOf(metric["unit"]) || USUAL_UNIT[name]!];
  const temporality = numberOf(aggregationTemporality);
  for (const given of listOf(dataPoints, "dataPoints")) {
    const point = fieldsOf(given, "dataPoint");
    if ((numberOf(point["flags"]) ?? 0) & NO_RECORDED_VALUE) continue;
    const read = exponential ? exponentialOf(point) : explicitOf(point);
    yield {
      source,
      metric: name,
      unitUs: unitUs ?? 1,
      isCumulative: temporality === CUMULATIVE,
      attributes: attributesOf(point["attributes"]),
      startNs: nanosOf(point["startTimeUnixNano"]),
      timeNs: nanosOf(point["timeUnixNano"]),
      histogram: badFrame(unitUs, temporality) ?? read,
    };
  }
}

function badFrame(unitUs: number | undefined, temporality: number | undefined): Bad | undefined {
  if (unitUs === undefined) return { bad: "its unit is none of s, ms, us and ns" };
  return temporality === DELTA || temporality === CUMULATIVE
    ? undefined
    : { bad: "it is neither delta nor cumulative" };
}

/** Without the older metric of instances that send both, as they do while they move from one convention to the other. */
export function withoutTwins(points: readonly DurationPoint[]): DurationPoint[] {
  const stable = new Set(points.filter(({ metric }) => metric === STABLE).map(({ source }) => instanceKeyOf(source)));
  return stable.size === 0
    ? [...points]
    : points.filter(({ metric, source }) => metric === STABLE || !stable.has(instanceKeyOf(source)));
}
