/** A handler or a middleware, with the whole path that it was registered at: base paths and sub-apps are in it. */
interface RegisteredRoute {
  path: string;
  method: string;
  handler: Handler;
}

interface Handler {
  length: number;
  /** What `app.route()` wrapped, when the sub-app has an error handler of its own. */
  __COMPOSED_HANDLER?: Handler;
}

type MatchResult = readonly [readonly (readonly [readonly [unknown, RegisteredRoute], unknown])[]];

/** What is read of Hono's request: everything that matched, in order, and which of it was entered last. */
export interface RoutedRequest {
  routeIndex?: number;
  [symbol: symbol]: unknown;
}

/**
 * The template of the route that took a request, also when a middleware answered before it was reached. Undefined when
 * nothing but middleware matched and it was not the middleware of a path that answered.
 */
export function templateOf(req: RoutedRequest, status: number | undefined): string | undefined {
  const matches = matchesOf(req);
  if (matches === undefined) return undefined;
  const entered = req.routeIndex ?? 0;
  for (let at = entered; at < matches.length; at++) {
    const route = (matches[at] as (typeof matches)[number])[0][1];
    if (isEndpoint(route)) return route.path;
  }
  const last = matches[entered]?.[0][1];
  return status === 404 || last === undefined || isGlobal(last.path) ? undefined : last.path;
}

/** `app.use` and `app.all` both register under ALL; as in Hono's own `inspectRoutes`, a middleware is what takes `next`. */
function isEndpoint(route: RegisteredRoute): boolean {
  const { handler } = route;
  return route.method !== "ALL" || (handler.__COMPOSED_HANDLER ?? handler).length < 2;
}

function isGlobal(path: string): boolean {
  return path === "*" || path === "/*";
}

let matchSymbol: symbol | undefined;

/** Hono keeps the result of its router under a symbol that only its own helpers know (`hono/route`). */
function matchesOf(req: RoutedRequest): MatchResult[0] | undefined {
  matchSymbol ??= Object.getOwnPropertySymbols(Object.getPrototypeOf(req)).find((symbol) => isMatchResult(req[symbol]));
  const result = matchSymbol === undefined ? undefined : req[matchSymbol];
  return isMatchResult(result) ? result[0] : fromMatchedRoutes(req);
}

function isMatchResult(value: unknown): value is MatchResult {
  return Array.isArray(value) && Array.isArray(value[0]);
}

/** Hono before 4.10, and any that moves the symbol: the public, slower, deprecated way. */
function fromMatchedRoutes(req: object): MatchResult[0] | undefined {
  const routes = (req as { matchedRoutes?: readonly RegisteredRoute[] }).matchedRoutes;
  return routes?.map((route) => [[undefined, route], undefined] as const);
}
