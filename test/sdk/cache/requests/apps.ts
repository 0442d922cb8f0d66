import { getRequestListener } from "@hono/node-server";
import Router from "@koa/router";
import express5, { type Express, type NextFunction, type Request, type Response } from "express";
import express4 from "express4";
import Fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { tailfill as tailfillExpress } from "@/lib/sdk/src/adapters/express";
import { tailfill as tailfillFastify } from "@/lib/sdk/src/adapters/fastify";
import { tailfill as tailfillHono } from "@/lib/sdk/src/adapters/hono";
import { tailfill as tailfillKoa } from "@/lib/sdk/src/adapters/koa";
import { tailfill as tailfillNode } from "@/lib/sdk/src/adapters/node";
import type { AnyRequest, Client } from "@/lib/sdk/src/client-type";

/** What an app's handler does: visits a definition for this user. */
export type Visit = (user: string) => Promise<unknown>;

/** In each framework, `GET /visit?user=` and `POST /visit` with `{"user"}`; who asks is in the header `x-user`. */
export interface App {
  userOf: (request: AnyRequest) => string | undefined;
  build(client: Client, visit: Visit): RequestListener | Promise<RequestListener>;
}

const header = (req: { headers: IncomingMessage["headers"] }): string | undefined => req.headers["x-user"]?.toString();

function express(make: () => Express, json: () => never): App {
  return {
    userOf: (req: Request) => header(req),
    build(client, visit) {
      const app = make();
      app.use(tailfillExpress(client));
      const answer = (user: string, res: Response, next: NextFunction) =>
        void visit(user).then((value) => void res.json(value), next);
      app.get("/visit", (req, res, next) => answer(req.query["user"] as string, res, next));
      app.post("/visit", json(), (req, res, next) => answer((req.body as { user: string }).user, res, next));
      // Its own handler of errors would print them.
      app.use((_error: Error, _req: Request, res: Response, _next: NextFunction) => void res.status(500).end());
      return app as RequestListener;
    },
  };
}

const fastify: App = {
  userOf: (request: { headers: IncomingMessage["headers"] }) => header(request),
  async build(client, visit) {
    const app = Fastify();
    await app.register(tailfillFastify, client);
    app.get<{ Querystring: { user: string } }>("/visit", ({ query }) => visit(query.user));
    app.post<{ Body: { user: string } }>("/visit", ({ body }) => visit(body.user));
    await app.ready();
    return (req, res) => app.routing(req, res);
  },
};

const koa: App = {
  userOf: (ctx: Koa.Context) => header(ctx.req),
  build(client, visit) {
    const router = new Router();
    router.get("/visit", async (ctx) => void (ctx.body = await visit(String(ctx.query["user"]))));
    router.post("/visit", async (ctx) => void (ctx.body = await visit(await bodyOf(ctx.req))));
    const app = new Koa();
    app.silent = true;
    return app.use(tailfillKoa(client)).use(router.routes()).callback() as RequestListener;
  },
};

const hono: App = {
  userOf: (c: { req: { header(name: string): string | undefined } }) => c.req.header("x-user"),
  build(client, visit) {
    const app = new Hono();
    app.use(tailfillHono(client));
    app.onError((_error, c) => c.text("failed", 500));
    app.get("/visit", async (c) => c.json((await visit(c.req.query("user") ?? "")) as object));
    app.post("/visit", async (c) => c.json((await visit((await c.req.json<{ user: string }>()).user)) as object));
    return getRequestListener(app.fetch) as RequestListener;
  },
};

const node: App = {
  userOf: (req: IncomingMessage) => header(req),
  build(client, visit) {
    const answer = (res: ServerResponse, user: string) =>
      void visit(user).then(
        (value) => res.end(JSON.stringify(value)),
        () => res.writeHead(500).end(),
      );
    return tailfillNode({ client, route: () => "/visit" }, (req: IncomingMessage, res: ServerResponse) => {
      const { searchParams } = new URL(req.url ?? "/", "http://test");
      if (req.method === "GET") return answer(res, searchParams.get("user") ?? "");
      // By events, as old code does.
      let text = "";
      req.on("data", (chunk: Buffer) => (text += chunk.toString()));
      req.on("end", () => answer(res, (JSON.parse(text) as { user: string }).user));
    });
  },
};

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return (JSON.parse(text) as { user: string }).user;
}

export const apps = {
  node,
  express4: express(express4 as never, (express4 as unknown as typeof express5).json as never),
  express5: express(express5, express5.json as never),
  fastify,
  koa,
  hono,
};
