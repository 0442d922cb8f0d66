import type { Span } from "./read-traces.ts";

/** Spans between a statement and its request. A chain that is longer, or goes in a circle, is given up. */
const MOST_STEPS = 100;

/**
 * Finds the server span that a span of the same service was made for: up the parents, and where one of them is not in this export,
 * the only server span of the trace.
 */
export class ServedBy {
  private readonly spans = new Map<string, Span>();
  /** By trace: its server span; null when there are several. */
  private readonly servers = new Map<string, Span | null>();

  constructor(spans: readonly Span[]) {
    for (const span of spans) {
      this.spans.set(idIn(span, span.spanId), span);
      if (span.kind === "server") this.servers.set(span.traceId, this.servers.has(span.traceId) ? null : span);
    }
  }

  find(span: Span): Span | undefined {
    let at: Span | undefined = span;
    for (let step = 0; step < MOST_STEPS && at !== undefined; step++) {
      if (at.kind === "server") return at;
      if (at.parentId === "") return undefined; // the trace begins here: no request of this service asked for it
      at = this.spans.get(idIn(at, at.parentId));
    }
    return at === undefined ? (this.servers.get(span.traceId) ?? undefined) : undefined;
  }
}

const idIn = ({ traceId }: Span, spanId: string): string => `${traceId} ${spanId}`;
