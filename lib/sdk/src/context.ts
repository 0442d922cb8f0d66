import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";
import type { CacheOutcome, CachePart } from "../../wire/index.ts";
import type { Client } from "./client-type.ts";
import type { StatementCounts } from "./database/counts.ts";
import type { RequestRepeats } from "./repeats/request-repeats.ts";

/** What a visit to a cached definition came to. */
export interface Visit {
  readonly definition: string;
  readonly user: string;
  /** Whether the request it is part of tells of it. */
  readonly isPart: boolean;
  /** Undefined while it is under way. */
  cache: CacheOutcome | undefined;
  /** The decision whose first visit it is. */
  decision: string | undefined;
}

/** Work that is under way: a request, a job, or what a test looks at. */
export interface Work {
  /** False once it is over, for a request once its response has closed: what still runs then is no part of it. */
  open: boolean;
  /** The work that this is a part of. */
  readonly around: Work | undefined;
  /** Whether what begins within it is a part of it, even a request of its own. */
  readonly holdsRequests: boolean;
  /** Told of what goes wrong inside of us; undefined drops it. */
  readonly client: Client | undefined;
  /** Made with the first statement. */
  statements: StatementCounts | undefined;
  /** Made with the first statement, or the first call of a wrapped client. */
  repeats: RequestRepeats | undefined;
  /** Method and route template, as `GET /users/:id`, as far as the framework knows them by now. May throw. */
  endpointNow: () => string | undefined;
}

/** What is known of the request under way, for what is called deep inside of it. */
export interface RequestContext extends Work {
  readonly client: Client;
  readonly visits: Visit[];
  /** Called when the response closes before its end; made with the first that wants to know. */
  whenCut: Set<() => void> | undefined;
}

interface Shared {
  /** Made when it is needed first: from then on, every promise of the process costs a little more. */
  storage: AsyncLocalStorage<Work | undefined> | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package see the same requests. */
const SHARED = Symbol.for("@tailfill/sdk requests 3");

const holder = globalThis as typeof globalThis & { [SHARED]?: Shared };
const shared: Shared = (holder[SHARED] ??= { storage: undefined });

/** From now on, requests that begin are followed. Called by what needs it, a cached definition or a wrapped database. */
export function followRequests(): void {
  shared.storage ??= new AsyncLocalStorage();
}

/** A context for a request that begins now; undefined as long as nobody follows requests. */
export function newContext(client: Client, req: IncomingMessage): RequestContext | undefined {
  if (shared.storage === undefined) return undefined;
  const outer = shared.storage.getStore();
  const around = outer?.holdsRequests ? outer : undefined;
  const context: RequestContext = { ...newWork({ client, around }), client, visits: [], whenCut: undefined };
  if (hasBody(req)) keepWithBody(context, req);
  return context;
}

/** Work that begins now. Run it by {@link within}. */
export function newWork(about: Partial<Pick<Work, "client" | "around" | "holdsRequests" | "endpointNow">>): Work {
  const { client, around, holdsRequests = false, endpointNow = unknownEndpoint } = about;
  return { open: true, around, holdsRequests, client, statements: undefined, repeats: undefined, endpointNow };
}

const unknownEndpoint = (): undefined => undefined;

/** Calls within the work, if there is one: all that is called from there, now or later, finds it. */
export function within<Result>(work: Work | undefined, call: () => Result): Result {
  return work === undefined || shared.storage === undefined ? call() : shared.storage.run(work, call);
}

/** Calls apart from any work: what begins there is a part of none. */
export function outside<Result>(call: () => Result): Result {
  return shared.storage === undefined ? call() : shared.storage.run(undefined, call);
}

/**
 * The callback, to be run as a part of the work under way now, or of none: whoever calls it back may be doing something
 * else by then, as a pool does that hands a connection on.
 */
export function kept<Args extends unknown[], Result>(
  callback: (this: unknown, ...args: Args) => Result,
): (this: unknown, ...args: Args) => Result {
  const { storage } = shared;
  if (storage === undefined) return callback;
  const work = storage.getStore();
  return function (...args) {
    return storage.run(work, () => callback.apply(this, args));
  };
}

/** Puts what runs from now on, in this turn and what it leads to, into the context. For where there is nothing to call. */
export function enter(context: RequestContext | undefined): void {
  if (context !== undefined) shared.storage?.enterWith(context);
}

/** The innermost work that this call is a part of, open or not. */
export function workUnderWay(): Work | undefined {
  return shared.storage?.getStore();
}

/** The context of the request that this call is a part of, while its response is open. */
export function requestUnderWay(): RequestContext | undefined {
  for (let work = workUnderWay(); work !== undefined; work = work.around) {
    if (isRequest(work)) return work.open ? work : undefined;
  }
  return undefined;
}

function isRequest(work: Work): work is RequestContext {
  return (work as RequestContext).visits !== undefined;
}

/** What a visit is counted as among the latencies of its user. One that has not come to its end had to compute. */
export function partOf({ cache }: Visit): CachePart {
  return cache === "hit" || cache === "stale" ? "hit" : "miss";
}

/** What a request is counted as: a hit when nothing in it had to be computed. Undefined when it used no cache. */
export function partOfAll(visits: readonly Visit[]): CachePart | undefined {
  if (visits.length === 0) return undefined;
  return visits.every((visit) => partOf(visit) === "hit") ? "hit" : "miss";
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * A body arrives by events that come from the connection, which knows nothing of the request. Who waits for its end, as
 * body parsers do, goes on from there.
 */
function keepWithBody(context: RequestContext, req: IncomingMessage): void {
  const emit = req.emit.bind(req);
  req.emit = (...args: Parameters<typeof emit>) => within(context, () => emit(...args));
}
