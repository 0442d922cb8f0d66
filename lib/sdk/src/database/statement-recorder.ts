import {
  DATABASE_METHOD,
  databaseRoute,
  LONGEST_STATEMENT,
  type RequestReport,
  REST_METHOD,
  SLOWEST_TOLD,
  STATEMENT_METHOD,
  STATEMENTS_METHOD,
  type Outcome,
} from "../../../wire/index.ts";
import { batchId } from "../batch-id.ts";
import type { UserId } from "../client-type.ts";
import type { Clock } from "../clock.ts";
import type { InsightLog } from "../insight/insight-log.ts";
import { SlowRequests } from "../insight/slow-requests.ts";
import { type Asker, traceIdOf } from "./asker.ts";
import type { DurationVisitor, StatementCounts, StoppedStatement } from "./counts.ts";
import { isTimeout } from "./stop-codes.ts";
import { isExpected } from "./stopped.ts";
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
  outcome: Outcome;
  latencyUs: number;
}

export interface StatementRecorderParts {
  record: RecordMany;
  insight: InsightLog;
  clock: Clock;
  /** What leaves the process of a user; see `createNamer`. */
  nameOf: (user: UserId) => string | undefined;
}

/**
 * Turns what requests asked of their databases into series that travel with their latencies, and tells of single ones: the slowest, and
 * statements that were stopped.
 */
export class StatementRecorder {
  readonly #parts: StatementRecorderParts;
  readonly #slow = new SlowRequests();
  readonly #toldApart: ToldApart;
  /** Names by method and route. */
  readonly #endpoints = new Map<string, Map<string, string>>();
  #toldAtMs: number | undefined;

  constructor(parts: StatementRecorderParts) {
    const { insight } = parts;
    this.#parts = parts;
    this.#toldApart = new ToldApart((statement) => insight.add("statements", statement));
    insight.addSource((nowMs) => this.#again(nowMs).map((text) => ["statements", text] as const));
    insight.addSource(() => this.#slow.take().map((request) => ["requests", request] as const));
  }

  /** Records one request, also one without a statement: percentiles are of all requests of the endpoint. */
  add(ended: Ended, statements: StatementCounts | undefined, asker: Asker): void {
    const { method, route, latencyUs } = ended;
    const { record, clock } = this.#parts;
    const endpoint = this.#endpointOf(method, route);
    const busyUs = Math.min(statements?.busyUs(performance.now()) ?? 0, latencyUs);
    record(DATABASE_METHOD, endpoint, "ok", busyUs, 1);
    record(REST_METHOD, endpoint, "ok", latencyUs - busyUs, 1);
    record(STATEMENTS_METHOD, endpoint, "ok", statements?.count ?? 0, 1);
    const nowMs = clock.wallMs();
    this.#slow.add(endpoint, latencyUs, nowMs, () => ({
      id: batchId(nowMs),
      endpoint,
      ...this.#askedBy(asker),
      outcome: ended.outcome,
      latencyUs,
      databaseUs: busyUs,
      statements: statements?.count ?? 0,
      slowest: slowestOf(statements),
    }));
    if (statements === undefined) return;
    this.#tellStops(endpoint, statements, asker);
    // oxlint-disable-next-line max-params -- see DurationVisitor
    const tell: DurationVisitor = (fingerprint, outcome, valueUs, times) =>
      record(STATEMENT_METHOD, this.#toldApart.routeOf(endpoint, fingerprint), outcome, valueUs, times);
    statements.eachDuration(tell);
    // Whose client has left runs on, and is often the slowest of all: it is told when it is answered.
    statements.late = tell;
  }

  #tellStops(endpoint: string, statements: StatementCounts, asker: Asker): void {
    const { insight, clock } = this.#parts;
    const tell = ({ fingerprint, durationUs, pid, code, error, ...stop }: StoppedStatement): void => {
      if (isExpected(error)) return;
      insight.add("stops", {
        id: batchId(clock.wallMs()),
        by: stop.stopped?.by ?? (isTimeout({ code, ...stop }) ? "timeout" : "other"),
        code,
        pid: pid ?? null,
        endpoint,
        ...this.#askedBy(asker),
        statement: fingerprint.slice(0, LONGEST_STATEMENT) || null,
        durationUs,
        budgetMs: stop.stopped?.budgetMs ?? null,
      });
    };
    statements.allStopped.forEach(tell);
    statements.lateStop = tell;
  }

  #askedBy(asker: Asker) {
    return { user: this.#parts.nameOf(asker.user) ?? null, traceId: traceIdOf(asker) };
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

function slowestOf(statements: StatementCounts | undefined): RequestReport["slowest"] {
  const { byFingerprint } = statements?.summary(performance.now()) ?? { byFingerprint: [] };
  return byFingerprint.slice(0, SLOWEST_TOLD).map(({ fingerprint, count, durationUs }) => ({
    statement: fingerprint.slice(0, LONGEST_STATEMENT),
    count,
    durationUs,
  }));
}
