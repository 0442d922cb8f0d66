import { type Attributes, attributesOf } from "./attributes.ts";
import { type Source, sourceOf } from "./source.ts";
import { fieldsOf, idOf, listOf, nanosOf, numberOf, textOf } from "./values.ts";

export type SpanKind = "server" | "client" | "other";

export interface Span {
  source: Source;
  /** Lower-case hex; empty where there is none. */
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: SpanKind;
  /** Nanoseconds since 1970. */
  startNs: bigint;
  endNs: bigint;
  attributes: Attributes;
  isError: boolean;
}

const KINDS: Record<number, SpanKind> = { 2: "server", 3: "client" };
const ERROR = 2;

type Fields = Readonly<Record<string, unknown>>;

/** The spans of an UNTRUSTED export. @throws TailfillError `not_otlp` */
export function* readTraces(body: unknown): Generator<Span> {
  for (const one of listOf(fieldsOf(body, "body")["resourceSpans"], "resourceSpans")) {
    const { resource, scopeSpans } = fieldsOf(one, "resourceSpans");
    const source = sourceOf(attributesOf(fieldsOf(resource, "resource")["attributes"]));
    for (const scope of listOf(scopeSpans, "scopeSpans"))
      for (const span of listOf(fieldsOf(scope, "scopeSpans")["spans"], "spans"))
        yield spanOf(source, fieldsOf(span, "span"));
  }
}

function spanOf(source: Source, span: Fields): Span {
  return {
    source,
    traceId: idOf(span["traceId"]),
    spanId: idOf(span["spanId"]),
    parentId: idOf(span["parentSpanId"]),
    name: textOf(span["name"]),
    kind: KINDS[numberOf(span["kind"]) ?? 0] ?? "other",
    startNs: nanosOf(span["startTimeUnixNano"]),
    endNs: nanosOf(span["endTimeUnixNano"]),
    attributes: attributesOf(span["attributes"]),
    isError: numberOf(fieldsOf(span["status"], "status")["code"]) === ERROR,
  };
}
