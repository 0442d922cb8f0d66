import type { FastifyRequest } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import { within } from "../context.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { observe, type Watch } from "./observe.ts";
import type { SignedIn } from "./signed-in.ts";

export type { Client, TailfillOptions } from "../client-type.ts";

/** Fastify's request, as `user(request)` gets it. */
export type SignedInRequest = FastifyRequest & SignedIn;

interface Request {
  raw: IncomingMessage;
  routeOptions?: { url?: string };
}

type OnRequest = (request: Request, reply: { raw: ServerResponse }, done: () => void) => void;

/** What is used of a Fastify instance. */
interface Instance {
  addHook(name: "onRequest", hook: OnRequest): unknown;
}

/**
 * A Fastify 5 plugin that times every request of the instance it is registered on, plugins inside included. Register it
 * first: `app.register(tailfill, { service: "shop", user: (request) => request.user?.id })`.
 */
export function tailfill(
  instance: Instance,
  optionsOrClient: OptionsOrClient<SignedInRequest>,
  done: () => void,
): void {
  const watch: Watch<Request> = { client: clientOf(optionsOrClient), routeOf };
  instance.addHook("onRequest", (request, reply, next) => {
    within(observe(watch, request, request.raw, reply.raw), next);
  });
  done();
}

const routeOf = (request: Request): unknown => request.routeOptions?.url;

// What fastify-plugin sets: without `skip-override` the hook would stay in a context of its own, and time nothing.
Object.assign(tailfill, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "tailfill",
  [Symbol.for("plugin-meta")]: { name: "tailfill", fastify: "5.x" },
});
