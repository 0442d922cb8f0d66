import type { Context } from "hono";
import type { IncomingMessage, ServerResponse } from "node:http";
import { within } from "../context.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { templateOf, type RoutedRequest } from "./hono-routes.ts";
import { observe, type Watch } from "./observe.ts";

export type { Client, TailfillOptions } from "../client-type.ts";

/** What is read of a Hono context, besides what `user(c)` reads. */
interface NodeContext {
  req: object;
  /** @hono/node-server puts Node's own request and response here. */
  env?: unknown;
}

interface NodeBindings {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

/** A middleware of Hono 4. */
export type Middleware = (c: NodeContext, next: () => Promise<void>) => Promise<void>;

/**
 * Times every request that passes through an app served by @hono/node-server. Mount it before everything else:
 * `app.use(tailfill({ service: "shop", user: (c) => c.get("userId") }))`. Elsewhere (`app.request()`, other
 * runtimes) it does nothing.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- an app's own Env is not known here
export function tailfill(optionsOrClient?: OptionsOrClient<Context<any>>): Middleware {
  const watch: Watch<NodeContext> = { client: clientOf(optionsOrClient), routeOf };
  return function tailfillMiddleware(c, next) {
    const { incoming, outgoing } = (c.env ?? {}) as NodeBindings;
    if (incoming === undefined || outgoing === undefined) return next();
    return within(observe(watch, c, incoming, outgoing), next);
  };
}

// Safe: Hono's request has what is asked for, or else templateOf answers undefined.
const routeOf = (c: NodeContext): unknown => templateOf(c.req as RoutedRequest, statusOf(c));

const statusOf = (c: NodeContext): number | undefined => (c.env as NodeBindings).outgoing?.statusCode;
