import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client, TailfillOptions } from "../client-type.ts";
import { within } from "../context.ts";
import { clientOf } from "./client-of.ts";
import { observe, type Watch } from "./observe.ts";
import type { SignedIn } from "./signed-in.ts";

export type { Client, TailfillOptions } from "../client-type.ts";

/** The request as `user(req)` and `route(req)` get it. */
export type NodeRequest = IncomingMessage & SignedIn;

export interface NodeOptions extends TailfillOptions<NodeRequest> {
  /**
   * The route's template (`/users/:id`), asked once the response is done, and before by a wrapped database; never the raw
   * path. Without it, or when it gives no text, a request counts under `(unmatched)`.
   */
  route?: (req: NodeRequest) => string | null | undefined;
  /** A client that runs already, in place of the other options except `route`. */
  client?: Client;
}

/**
 * Wraps a handler of node:http (or http2's compatibility API), so that it times every request:
 * `createServer(tailfill({ service: "shop", route: (req) => routeOf(req) }, handler))`. What the handler returns and
 * throws is passed on.
 */
export function tailfill<Req extends object = IncomingMessage, Res extends object = ServerResponse, Result = unknown>(
  optionsOrClient: NodeOptions | Client,
  handler: (req: Req, res: Res) => Result,
): (req: Req, res: Res) => Result {
  const { client, route } = optionsOrClient as NodeOptions;
  const watch: Watch<NodeRequest> = { client: client ?? clientOf(optionsOrClient), routeOf: route ?? noRoute };
  return function tailfillHandler(this: unknown, req, res) {
    // Safe: the compatibility classes of http2 have all that is used of these two.
    const raw = req as unknown as IncomingMessage;
    const context = observe(watch, req as unknown as NodeRequest, raw, res as unknown as ServerResponse);
    return context === undefined ? handler.call(this, req, res) : within(context, () => handler.call(this, req, res));
  };
}

const noRoute = (): undefined => undefined;
