import type { Request } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import { within } from "../context.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { templateOf, type RoutedRequest } from "./express-routes.ts";
import { observe, type Watch } from "./observe.ts";
import type { SignedIn } from "./signed-in.ts";

export type { Client, TailfillOptions } from "../client-type.ts";

/** Express's request, as `user(req)` gets it. */
export type ExpressRequest = Request & SignedIn;

/** A middleware of Express 4 and 5. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/**
 * Times every request that passes through. Mount it before everything else:
 * `app.use(tailfill({ service: "shop", user: (req) => req.user?.id }))`.
 */
export function tailfill(optionsOrClient?: OptionsOrClient<ExpressRequest>): Middleware {
  const watch: Watch<IncomingMessage> = { client: clientOf(optionsOrClient), routeOf, routeNow };
  return function tailfillMiddleware(req, res, next) {
    within(observe(watch, req, req, res), next);
  };
}

// Safe: every property is optional, and is looked at before it is used.
const routeOf = (req: IncomingMessage): unknown => templateOf(req as RoutedRequest);

/** Before a router has matched, or between two routes, nothing says where the request will end. */
const routeNow = (req: IncomingMessage): unknown =>
  (req as RoutedRequest).route === undefined ? undefined : routeOf(req);
