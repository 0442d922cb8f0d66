import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "koa";
import { within } from "../context.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { observe, type Watch } from "./observe.ts";
import { pathText, type Path } from "./path-text.ts";

export type { Client, TailfillOptions } from "../client-type.ts";

/** What is read of a Koa context, besides what `user(ctx)` reads: `_matchedRoute` is @koa/router's, `mountPath` koa-mount's. */
interface RoutedContext {
  req: IncomingMessage;
  res: ServerResponse;
  path?: string;
  _matchedRoute?: Path;
  mountPath?: unknown;
  matched?: readonly { path?: Path; match?(path: string): boolean }[];
}

/** A middleware of Koa 2 and 3. */
export type Middleware = (ctx: RoutedContext, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Times every request that passes through. Mount it before everything else:
 * `app.use(tailfill({ service: "shop", user: (ctx) => ctx.state.user?.id }))`.
 */
export function tailfill(optionsOrClient?: OptionsOrClient<Context>): Middleware {
  const watch: Watch<RoutedContext> = { client: clientOf(optionsOrClient), routeOf };
  return function tailfillMiddleware(ctx, next) {
    return within(observe(watch, ctx, ctx.req, ctx.res), next);
  };
}

/** @koa/router keeps the template, its prefixes included, on the context. */
function routeOf(ctx: RoutedContext): string | undefined {
  const path = ctx._matchedRoute;
  if (path === undefined) return undefined;
  return typeof ctx.mountPath === "string" ? mountedText(ctx, path, ctx.mountPath) : pathText(path);
}

/** `mountPath` stays on the context when the mount has passed the request on: then the route takes the whole path. */
function mountedText(ctx: RoutedContext, path: Path, mountPath: string): string {
  const layer = ctx.matched?.find((each) => each.path === path);
  const whole = layer?.match?.(ctx.path ?? "/") ?? false;
  const text = pathText(path);
  if (whole) return text;
  return text === "/" ? mountPath : mountPath + text;
}
