import type { IncomingMessage, ServerResponse } from "node:http";
import { CACHE_METHOD, UNMATCHED } from "../../../wire/index.ts";
import { reportVisit } from "../cache/report.ts";
import type { Client, UserId } from "../client-type.ts";
import { newContext, partOf, partOfAll, type RequestContext, type Visit } from "../context.ts";
import { tellStatements } from "../database/listeners.ts";
import { closeWithSocket } from "./close-with-socket.ts";
import { methodOf } from "./method.ts";
import { outcomeOf, wasCut } from "./outcome.ts";

/** What one mounted adapter knows; made once, when it is mounted. `Source` is the framework's request or context. */
export interface Watch<Source> {
  client: Client;
  /** The route's template once the response is closed; anything but a non-empty string means that no route matched. */
  routeOf(source: Source): unknown;
  /** The same while the request is under way, where `routeOf` would be wrong then. */
  routeNow?(source: Source): unknown;
  /** Asked once the response is closed: false for a request that is not this adapter's. */
  isOurs?(source: Source): boolean;
}

/** A request on its way, counted when its response closes. */
interface Observation {
  readonly req: IncomingMessage;
  readonly startMs: number;
  watch: Watch<unknown>;
  source: unknown;
  counted: boolean;
  /** What is known of the request, when somebody wants to know. */
  context: RequestContext | undefined;
  /** Another client's observation of the same response. */
  next: Observation | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package count a request once between them. */
const OBSERVATION = Symbol.for("@tailfill/sdk observation 1");

const NO_VISITS: readonly Visit[] = [];

interface Observed extends ServerResponse {
  [OBSERVATION]?: Observation;
}

/**
 * Times a request from now to its response's `close` and counts it then, once for each client however often it is
 * observed. The outermost adapter sets the start; an inner one of another framework names the route. Returns the context
 * to call the app in, if there is one. Throws only what the app's own `onError` throws.
 */
// oxlint-disable-next-line max-params -- called for every request: an object would be garbage each time
export function observe<Source>(
  watch: Watch<Source>,
  source: Source,
  req: IncomingMessage,
  res: ServerResponse,
): RequestContext | undefined {
  if (!watch.client.enabled) return undefined;
  try {
    const first = (res as Observed)[OBSERVATION];
    for (let seen = first; seen !== undefined; seen = seen.next) {
      if (seen.watch.client === watch.client) return handOver(seen, watch as Watch<unknown>, source);
    }
    const startMs = performance.now();
    const context = first === undefined ? newContext(watch.client, req) : first.context;
    const observation: Observation = {
      req,
      startMs,
      watch: watch as Watch<unknown>,
      source,
      counted: false,
      context,
      next: first,
    };
    (res as Observed)[OBSERVATION] = observation;
    if (first === undefined) {
      listen(res);
      if (context !== undefined) context.endpointNow = () => endpointNow(observation);
    }
    return context;
  } catch (error) {
    watch.client.report(error);
    return undefined;
  }
}

function handOver(seen: Observation, watch: Watch<unknown>, source: unknown): RequestContext | undefined {
  if (seen.watch.routeOf !== watch.routeOf) {
    seen.watch = watch;
    seen.source = source;
  }
  return seen.context;
}

function endpointNow({ watch, source, req }: Observation): string | undefined {
  const route = watch.routeNow === undefined ? watch.routeOf(source) : watch.routeNow(source);
  return typeof route === "string" && route !== "" ? `${methodOf(req.method)} ${route}` : undefined;
}

function listen(res: Observed): void {
  res.on("close", onClose);
  // Nearly every response, told by two properties of its own; the others below are getters of its prototypes.
  if (res.socket !== null && res.destroyed === false) return;
  if (res.closed) {
    // The client left before we were reached. The route is known only once the app has run.
    if (!res.writableFinished) setImmediate(() => onClose.call(res));
  } else if (res.socket === null) {
    // Not on the connection yet: pipelined, behind an unfinished response.
    closeWithSocket(res, (res[OBSERVATION] as Observation).req.socket, onClose);
  }
}

/** One function for all responses, called with the response as `this`: no closure per request. */
function onClose(this: Observed): void {
  const endMs = performance.now();
  for (let seen = this[OBSERVATION]; seen !== undefined; seen = seen.next) {
    if (seen.counted) continue;
    seen.counted = true;
    count(seen, this, endMs);
    if (seen.next === undefined && seen.context !== undefined) {
      if (seen.context.whenCut !== undefined && wasCut(seen.req, this)) tellCut(seen.context);
      close(seen.context, endMs - seen.startMs);
    }
  }
}

function tellCut({ whenCut, client }: RequestContext): void {
  for (const tell of whenCut ?? []) {
    try {
      tell();
    } catch (error) {
      client.report(error);
    }
  }
}

/** The request is over, for all clients: its visits are told. */
function close(context: RequestContext, latencyMs: number): void {
  context.open = false;
  const atMs = Date.now();
  for (const visit of context.visits) reportVisit(visit, Math.round(latencyMs * 1000), atMs);
}

function count(seen: Observation, res: ServerResponse, endMs: number): void {
  const { client } = seen.watch;
  try {
    if (seen.watch.isOurs?.(seen.source) === false) return;
    const outcome = outcomeOf(seen.req, res);
    const latencyUs = Math.round((endMs - seen.startMs) * 1000);
    const visits = seen.context?.visits ?? NO_VISITS;
    const user = userOf(client, seen.source);
    const method = methodOf(seen.req.method);
    const route = routeOf(seen);
    client.record(method, route, outcome, latencyUs, user, partOfAll(visits));
    for (const visit of visits) {
      client.record(CACHE_METHOD, visit.definition, "ok", latencyUs, visit.user, partOf(visit));
    }
    // Once, however many clients count the request.
    if (seen.next === undefined && seen.context !== undefined) {
      tellStatements(seen.context, { method, route, outcome, latencyUs }, { user, req: seen.req });
    }
  } catch (error) {
    client.report(error);
  }
}

function routeOf(seen: Observation): string {
  try {
    const route = seen.watch.routeOf(seen.source);
    if (typeof route === "string" && route !== "") return route;
  } catch (error) {
    seen.watch.client.report(error);
  }
  return UNMATCHED;
}

/** The app's own `user(req)` may throw or return anything: then the request has no user. */
function userOf(client: Client, source: unknown): UserId {
  if (client.userOf === undefined) return undefined;
  try {
    const user: unknown = client.userOf(source);
    if (typeof user === "string" || typeof user === "number" || typeof user === "bigint") return user;
    if (user !== undefined && user !== null) refuse(client, user);
  } catch (error) {
    client.report(error);
  }
  return undefined;
}

function refuse(client: Client, user: unknown): void {
  // A promise that nobody waits for would end the process when it rejects.
  if (user instanceof Promise) user.catch(() => undefined);
  client.report(new TypeError(`user(req) returned ${typeof user}, want a string or a number (not a promise)`));
}
