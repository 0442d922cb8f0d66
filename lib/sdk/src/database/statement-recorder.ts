import {
  DATABASE_METHOD,
  databaseRoute,
  REST_METHOD,
  STATEMENT_METHOD,
  STATEMENTS_METHOD,
  type Outcome,
} from "../../../wire/index.ts";
import type { InsightLog } from "../insight/insight-log.ts";
import type { DurationVisitor, StatementCounts } from "./counts.ts";
import { ToldApart } from "./told-apart.ts";

/** Texts are told again this often: the server may have been set up anew. */
const TELL_AGAIN_MS = 3_600_000;
/** Names of endpoints that are kept; beyond, they are made anew for each request. */
const MOST_METHODS = 20;
const MOST_ROUTES = 1_000;

/** Records so many samples of a value; see `Recorder.recordMany`. */
// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
export type RecordMany = (method: string, route: string, outcome: Outcome, valueUs: number, times: number) => void;

/** A request that is over. */
export interface Ended {
  method: string;
  route: string;
  latencyUs: number;
}

/** Turns what requests asked of their databases into series that travel with their latencies. */
export class StatementRecorder {
  readonly #record: RecordMany;
  readonly #toldApart: ToldApart;
  /** Names by method and route. */
  readonly #endpoints = new Map<string, Map<string, string>>();
  #toldAtMs: number | undefined;

  constructor(record: RecordMany, insight: InsightLog) {
    this.#record = record;
    this.#toldApart = new ToldApart((statement) => insight.add("statements", statement));
    insight.addSource((nowMs) => this.#again(nowMs).map((text) => ["statements", text] as const));
  }

  /** Records one request, also one without a statement: percentiles are of all requests of the endpoint. */
  add({ method, route, latencyUs }: Ended, statements: StatementCounts | undefined): void {
    const endpoint = this.#endpointOf(method, route);
    const busyUs = Math.min(statements?.busyUs(performance.now()) ?? 0, latencyUs);
    this.#record(DATABASE_METHOD, endpoint, "ok", busyUs, 1);
    this.#record(REST_METHOD, endpoint, "ok", latencyUs - busyUs, 1);
    this.#record(STATEMENTS_METHOD, endpoint, "ok", statements?.count ?? 0, 1);
    if (statements === undefined) return;
    // oxlint-disable-next-line max-params -- see DurationVisitor
    const tell: DurationVisitor = (fingerprint, outcome, valueUs, times) =>
      this.#record(STATEMENT_METHOD, this.#toldApart.routeOf(endpoint, fingerprint), outcome, valueUs, times);
    statements.eachDuration(tell);
    // Whose client has left runs on, and is often the slowest of all: it is told when it is answered.
    statements.late = tell;
  }

  #endpointOf(method: string, route: string): string {
    const routes = this.#endpoints.get(method);
    const known = routes?.get(route);
    if (known !== undefined) return known;
    const name = databaseRoute({ method, route });
    if (this.#endpoints.size < MOST_METHODS && (routes?.size ?? 0) < MOST_ROUTES)
      this.#endpoints.set(method, (routes ?? new Map<string, string>()).set(route, name));
    return name;
  }

  #again(nowMs: number) {
    this.#toldAtMs ??= nowMs;
    if (nowMs - this.#toldAtMs < TELL_AGAIN_MS) return [];
    this.#toldAtMs = nowMs;
    return this.#toldApart.texts;
  }
}
