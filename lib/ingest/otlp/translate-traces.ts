import { HIGHEST_US, indexOf } from "../../histogram/index.ts";
import { statementIdOf } from "../../store/insight-statements.ts";
import type { StatementText } from "../../wire/index.ts";
import type { Building } from "./building.ts";
import { usOf } from "./busy-us.ts";
import { Collector, WINDOW_MS } from "./collector.ts";
import { DatabaseSpans } from "./database-spans.ts";
import type { Span } from "./read-traces.ts";
import { type RequestNames, requestOf, userOf } from "./request-of.ts";
import { scopeKeyOf, type Source } from "./source.ts";

export interface TranslatedTraces {
  collector: Collector;
  /** What statements are, by service and environment as `scopeKeyOf` names it. */
  statements: Map<string, { source: Source; texts: Map<string, StatementText> }>;
  /** A source of each service and environment whose requests were told. */
  served: Map<string, Source>;
}

/**
 * What spans tell of requests and of what these asked of their databases. Nothing of it depends on the clock but what is too old.
 * @param countsRequests whether server spans count as requests; if not, only their databases are told of
 */
export function translateTraces(
  spans: Iterable<Span>,
  { nowMs, countsRequests }: { nowMs: number; countsRequests: boolean },
): TranslatedTraces {
  const translated: TranslatedTraces = { collector: new Collector(nowMs), statements: new Map(), served: new Map() };
  for (const ofOne of byInstance(spans).values()) translateInstance(ofOne, translated, countsRequests);
  return translated;
}

/** A service's spans are joined with each other; those of others, in the same trace, are not. */
function byInstance(spans: Iterable<Span>): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const { service, environment, instance } = span.source;
    const key = JSON.stringify([service, environment, instance]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [span]);
    else group.push(span);
  }
  return groups;
}

function translateInstance(spans: readonly Span[], translated: TranslatedTraces, countsRequests: boolean): void {
  const { collector, statements, served } = translated;
  const database = new DatabaseSpans(spans);
  for (const span of spans) {
    const request = span.kind === "server" ? requestOf(span.attributes, span.isError) : null;
    if (request === null) continue;
    served.set(scopeKeyOf(span.source), span.source);
    const batch = batchOf(span, collector);
    if (batch === null) continue;
    if (countsRequests) addRequest(batch, span, request);
    database.addTo(batch, span, request);
  }
  if (database.texts.size === 0) return;
  const { source } = spans[0]!;
  const known = statements.get(scopeKeyOf(source)) ?? { source, texts: new Map<string, StatementText>() };
  for (const text of database.texts) known.texts.set(statementIdOf(text), { id: statementIdOf(text), text });
  statements.set(scopeKeyOf(source), known);
}

/** The batch of the window in which a request ended; null when it cannot be counted, which is noted. */
function batchOf({ source, startNs, endNs }: Span, collector: Collector): Building | null {
  if (startNs === 0n || endNs < startNs) {
    collector.reject(source, "a server span ends before it starts", "invalid", 1);
    return null;
  }
  const endMs = Number(endNs / 1_000_000n);
  const window = { startMs: Math.floor(endMs / WINDOW_MS) * WINDOW_MS, seconds: WINDOW_MS / 1000 };
  return collector.batchFor(source, window, 1);
}

function addRequest(batch: Building, span: Span, { method, route, outcome }: RequestNames) {
  const latencyUs = usOf(span.endNs - span.startNs);
  if (latencyUs > HIGHEST_US) batch.lose("over_range", 1);
  const bucket = indexOf(Math.min(latencyUs, HIGHEST_US));
  const endpoint = batch.endpoint(method, route);
  batch.add(endpoint, outcome, bucket, 1);
  if (endpoint.route !== route) batch.lose("endpoint_cap", 1);
  const user = userOf(span.attributes);
  if (user !== undefined) batch.addUser(endpoint, user, bucket);
}
