import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";
import type { CacheOutcome, CachePart } from "../../wire/index.ts";
import type { Client } from "./client-type.ts";

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

/** What is known of the request under way, for what is called deep inside of it. */
export interface RequestContext {
  readonly client: Client;
  readonly visits: Visit[];
  /** False once the response has closed: what still runs then is no part of the request. */
  open: boolean;
}

interface Shared {
  /** Made when it is needed first: from then on, every promise of the process costs a little more. */
  storage: AsyncLocalStorage<RequestContext> | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package see the same requests. */
const SHARED = Symbol.for("@tailfill/sdk requests 1");

const holder = globalThis as typeof globalThis & { [SHARED]?: Shared };
const shared: Shared = (holder[SHARED] ??= { storage: undefined });

/** From now on, requests that begin are followed. Called by what needs it: without a cached definition nothing is. */
export function followRequests(): void {
  shared.storage ??= new AsyncLocalStorage();
}

/** A context for a request that begins now; undefined as long as nobody follows requests. */
export function newContext(client: Client, req: IncomingMessage): RequestContext | undefined {
  if (shared.storage === undefined) return undefined;
  const context: RequestContext = { client, visits: [], open: true };
  if (hasBody(req)) keepWithBody(context, req);
  return context;
}

/** Calls within the context, if there is one: all that is called from there, now or later, finds it. */
export function within<Result>(context: RequestContext | undefined, call: () => Result): Result {
  return context === undefined || shared.storage === undefined ? call() : shared.storage.run(context, call);
}

/** Puts what runs from now on, in this turn and what it leads to, into the context. For where there is nothing to call. */
export function enter(context: RequestContext | undefined): void {
  if (context !== undefined) shared.storage?.enterWith(context);
}

/** The context of the request that this call is a part of, while its response is open. */
export function requestUnderWay(): RequestContext | undefined {
  const context = shared.storage?.getStore();
  return context?.open ? context : undefined;
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
