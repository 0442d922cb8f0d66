import { HIGHEST_US, indexOf } from "../../histogram/index.ts";
import { statementIdOf } from "../../store/insight-statements.ts";
import {
  DATABASE_METHOD,
  databaseRoute,
  OTHER_ENDPOINT,
  type Outcome,
  REST_METHOD,
  STATEMENT_METHOD,
  statementRoute,
  STATEMENTS_METHOD,
} from "../../wire/index.ts";
import type { Building } from "./building.ts";
import { busyUs, usOf } from "./busy-us.ts";
import type { Span } from "./read-traces.ts";
import type { RequestNames } from "./request-of.ts";
import { ServedBy } from "./served-by.ts";
import { Statements, systemOf } from "./statement-of.ts";

interface Asked {
  span: Span;
  text: string;
}

/** What the requests of one instance asked of databases, as far as both are in one export. */
export class DatabaseSpans {
  private readonly byRequest = new Map<Span, Asked[]>();
  /** What the statements are. */
  readonly texts = new Set<string>();

  constructor(spans: readonly Span[]) {
    const statements = new Statements();
    const served = new ServedBy(spans);
    for (const span of spans) {
      const system = span.kind === "client" ? systemOf(span.attributes) : undefined;
      if (system === undefined || span.endNs < span.startNs) continue;
      const request = served.find(span);
      if (request === undefined) continue;
      const text = statements.textOf(span, system);
      this.texts.add(text);
      const asked = this.byRequest.get(request);
      if (asked === undefined) this.byRequest.set(request, [{ span, text }]);
      else asked.push({ span, text });
    }
  }

  /** Adds a request, also one that asked nothing, unless nothing in the export did: then it is not known whether it would be told. */
  addTo(batch: Building, request: Span, names: RequestNames): void {
    if (this.byRequest.size === 0) return;
    const asked = this.byRequest.get(request) ?? [];
    const endpoint = databaseRoute(names);
    const latencyUs = usOf(request.endNs - request.startNs);
    const inDatabaseUs = Math.min(
      latencyUs,
      busyUs(
        asked.map(({ span }) => span),
        request,
      ),
    );
    addOne(batch, DATABASE_METHOD, endpoint, { valueUs: inDatabaseUs });
    addOne(batch, REST_METHOD, endpoint, { valueUs: latencyUs - inDatabaseUs });
    addOne(batch, STATEMENTS_METHOD, endpoint, { valueUs: asked.length });
    for (const { span, text } of asked) {
      const outcome = span.isError ? "server_error" : "ok";
      const valueUs = usOf(span.endNs - span.startNs);
      addOne(batch, STATEMENT_METHOD, statementRoute(statementIdOf(text), endpoint), { valueUs, outcome });
    }
  }
}

function addOne(
  batch: Building,
  method: string,
  route: string,
  { valueUs, outcome = "ok" }: { valueUs: number; outcome?: Outcome },
): void {
  const endpoint = batch.endpoint(method, route);
  if (endpoint.route === OTHER_ENDPOINT && method === STATEMENT_METHOD) batch.lose("server_statement_cap", 1);
  batch.add(endpoint, outcome, indexOf(Math.min(valueUs, HIGHEST_US)), 1);
}
