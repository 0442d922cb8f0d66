import { requestUnderWay, workUnderWay, type RequestContext, type Work } from "../context.ts";
import type { Limits } from "../database/limits.ts";
import { endpointAtEnd, endpointOf } from "../database/statement.ts";
import { workOf, type StatementWork } from "../database/statement-work.ts";
import { markStopped, type Stopped } from "../database/stopped.ts";
import { isProtectedApplication } from "../guard/judge.ts";
import { cancel, mayCancel, type CancellableClient } from "./cancel.ts";
import { stateOf, type ConnectionState, type LimitedClient, type Wire } from "./connection.ts";
import { submitWithLimit, type Query } from "./prelude.ts";

type Ask = (...args: unknown[]) => unknown;
type Client = LimitedClient & CancellableClient & { constructor: unknown; _Promise?: PromiseConstructor };

/**
 * `query` of a client, with limits. It makes pg's own query itself, to know when it is sent and when it is over. The client's
 * answers and errors stay as they are.
 */
export function limitedAsk(client: Client, ask: Ask, limits: Limits): Ask {
  const state = stateOf(client);
  const Query = queryClassOf(client);
  if (state === undefined || Query === undefined) return ask;
  return (...given) => {
    const [config] = given;
    if (config === undefined || config === null) return ask(...given);
    const about = { client, state, limits, work: workUnderWay() };
    if (isQuery(config)) {
      new LimitedStatement(config, about, config instanceof Query).follow();
      return ask(...given);
    }
    const query = new Query(...given);
    if (query.callback && typeof query.callback !== "function") return ask(...given);
    Object.assign(query, { query_timeout: (config as { query_timeout?: unknown }).query_timeout });
    new LimitedStatement(query, about, true).follow();
    return query.callback ? void ask(query) : promised(client, query, ask);
  };
}

type QueryClass = new (...given: unknown[]) => Query;

function queryClassOf({ constructor }: Client): QueryClass | undefined {
  const { Query } = constructor as { Query?: QueryClass };
  return typeof Query === "function" ? Query : undefined;
}

function isQuery(config: unknown): config is Query {
  return typeof (config as Partial<Query>).submit === "function";
}

/** As pg does it: with the stack of who asked. */
function promised({ _Promise: Own = Promise }: Client, query: Query, ask: Ask): Promise<unknown> {
  const answer = new Own((resolve, reject) => {
    query.callback = (error: unknown, found: unknown) => (error ? reject(error as Error) : resolve(found));
    ask(query);
  });
  return answer.catch((error: Error) => {
    if (typeof error === "object" && error !== null) Error.captureStackTrace(error);
    throw error;
  });
}

interface About {
  client: Client;
  state: ConnectionState;
  limits: Limits;
  work: Work | undefined;
}

/** One statement, from when it is sent until it is over. */
class LimitedStatement {
  readonly #query: Query;
  readonly #about: About;
  /** Whether it is sent in one go, so that a limit can go in front: a cursor is not. */
  readonly #isWhole: boolean;
  readonly #text: string;
  readonly #does: StatementWork;
  readonly #request: RequestContext | undefined;
  #startMs = 0;
  #limitMs: number | undefined;
  #isRunning = false;
  #aborted: Stopped | undefined;

  constructor(query: Query, about: About, isWhole: boolean) {
    this.#query = query;
    this.#about = about;
    this.#isWhole = isWhole;
    this.#text = typeof query.text === "string" ? query.text : "";
    this.#does = workOf(this.#text);
    const request = about.limits.cancels === undefined ? undefined : requestUnderWay();
    // Of a job within a request, the request is not what waits for it.
    this.#request = request === about.work ? request : undefined;
  }

  follow(): void {
    const query = this.#query;
    const { submit, handleReadyForQuery, handleError } = query;
    query.submit = (wire) => this.#submit(wire, () => submit.call(query, wire));
    query.handleReadyForQuery = (wire) => {
      this.#end();
      return handleReadyForQuery?.call(query, wire);
    };
    query.handleError = (error, wire) => {
      this.#end();
      this.#mark(error);
      return handleError?.call(query, error, wire);
    };
  }

  #submit(wire: Wire, submit: () => unknown): unknown {
    const { state, work } = this.#about;
    const limitMs = this.#isWhole ? state.limitFor(this.#does, this.#budgetMs()) : undefined;
    state.note(this.#text, this.#does);
    this.#limitMs = limitMs ?? (state.status === "T" ? state.budgetMs : undefined);
    if (limitMs !== undefined && state.status === "T") state.budgetMs = limitMs;
    this.#startMs = performance.now();
    this.#begin(work);
    return limitMs === undefined ? submit() : submitWithLimit(this.#query, wire, limitMs, submit);
  }

  #budgetMs(): number | undefined {
    const { limits, work } = this.#about;
    return work?.open ? limits.budgetOf(endpointOf(work)) : undefined;
  }

  #begin(work: Work | undefined): void {
    this.#isRunning = true;
    if (this.#request?.open && work === this.#request) (this.#request.whenCut ??= new Set()).add(this.#abort);
  }

  #end(): void {
    this.#isRunning = false;
    this.#request?.whenCut?.delete(this.#abort);
  }

  /** The response has closed before its end. */
  readonly #abort = (): void => {
    const { client, limits, work } = this.#about;
    const endpoint = endpointAtEnd(work);
    if (!this.#isRunning || limits.cancels?.(endpoint, this.#undoes()) !== true) return;
    if (isProtectedApplication(client.connectionParameters?.application_name) || !mayCancel(client)) return;
    this.#aborted = { by: "abort", endpoint, budgetMs: undefined };
    void cancel(client).catch((error: unknown) => work?.client?.report(error));
  };

  /** Stopping a read undoes what its transaction has written. */
  #undoes(): StatementWork {
    const { state } = this.#about;
    return this.#does === "read" && state.status === "T" && state.hasWritten ? "write" : this.#does;
  }

  #mark(error: unknown): void {
    const stopped = this.#stoppedBy(error);
    if (stopped !== undefined) markStopped(error as object, stopped, this.#about.work);
  }

  #stoppedBy(error: unknown): Stopped | undefined {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (code !== CANCELLED) return undefined;
    if (this.#aborted !== undefined) return this.#aborted;
    const limitMs = this.#limitMs;
    // One that ended sooner came to another end. The words are only known of servers that speak English.
    if (limitMs === undefined || performance.now() - this.#startMs < limitMs) return undefined;
    if (/user request/.test(String(message))) return undefined;
    const { work } = this.#about;
    return { by: "timeout", endpoint: work && endpointAtEnd(work), budgetMs: limitMs };
  }
}

const CANCELLED = "57014";
