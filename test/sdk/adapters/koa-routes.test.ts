import Router from "@koa/router";
import Koa, { type Context, type Next } from "koa";
import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/koa";
import { recordingClient } from "./recording-client";
import { routesOf } from "./routes-of";

/** What koa-mount does to a context. */
const mount =
  (prefix: string, app: (ctx: Context, next: Next) => unknown) =>
  async (ctx: Context, next: Next): Promise<unknown> => {
    if (!ctx.path.startsWith(`${prefix}/`)) return next();
    const whole = ctx.path;
    Object.assign(ctx, { mountPath: prefix, path: whole.slice(prefix.length) });
    await app(ctx, async () => {
      ctx.path = whole;
      await next();
      ctx.path = whole.slice(prefix.length);
    });
    ctx.path = whole;
  };

function answering(...paths: string[]): (ctx: Context, next: Next) => unknown {
  const router = new Router();
  for (const path of paths) router.get(path, (ctx) => void (ctx.body = "ok"));
  return router.routes() as unknown as (ctx: Context, next: Next) => unknown;
}

test("routers below koa-mount have its path, and a router that was reached past it has not", async () => {
  const [client, app] = [recordingClient(), new Koa()];
  app.use(tailfill(client));
  app.use(mount("/shop", answering("/items/:id", "/")));
  app.use(answering("/shop/past/:id"));
  const paths = ["/shop/items/1", "/shop/", "/shop/past/2", "/shop/none"];
  const wanted = ["/shop/items/:id", "/shop", "/shop/past/:id", "(unmatched) client_error"];
  expect(await routesOf(app.callback() as RequestListener, client, paths)).toEqual(wanted);
});

test("routers in routers, with prefixes and parameters", async () => {
  const [client, app] = [recordingClient(), new Koa()];
  const [outer, middle, inner] = [new Router({ prefix: "/v1" }), new Router({ prefix: "/:org" }), new Router()];
  inner.get("/:id", (ctx) => void (ctx.body = "ok"));
  middle.use("/members", inner.routes());
  outer.use("/orgs", middle.routes());
  app.use(tailfill(client)).use(outer.routes());
  expect(await routesOf(app.callback() as RequestListener, client, ["/v1/orgs/acme/members/7"])).toEqual([
    "/v1/orgs/:org/members/:id",
  ]);
});

test("a refused method and a middleware that answers first are no routes", async () => {
  const [client, app] = [recordingClient(), new Koa()];
  const router = new Router().post("/only-post", (ctx) => void (ctx.body = "ok"));
  app.use(tailfill(client));
  app.use((ctx, next) => (ctx.path === "/private" ? ctx.throw(401) : next()));
  app.use(router.routes()).use(router.allowedMethods());
  app.silent = true;
  const wanted = ["(unmatched) client_error", "(unmatched) client_error"];
  expect(await routesOf(app.callback() as RequestListener, client, ["/only-post", "/private"])).toEqual(wanted);
});
