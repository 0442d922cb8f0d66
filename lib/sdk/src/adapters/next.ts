import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client } from "../client-type.ts";
import { enter } from "../context.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { NextRequestView } from "./next-request.ts";
import { observe, type Watch } from "./observe.ts";
import { underWay } from "./under-way.ts";

export type { Client, TailfillOptions } from "../client-type.ts";
export type { NextRequestView } from "./next-request.ts";

/** What Node tells on `http.server.request.start`, for every HTTP server of the process. */
interface Started {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Times every request that Next.js 15 or 16 serves by a route handler or page, under its route's pattern
 * (`/users/[id]`). One call in `instrumentation.ts` is all:
 * `export function register() { tailfill({ service: "shop", user: (req) => req.cookies.get("user")?.value }); }`.
 * A request that arrived before Next called `register` (it waits for the first one) is timed from that call on. Files below `/_next/` are not counted, nor is what other HTTP servers of the process answer. The app's own
 * OpenTelemetry set-up is neither needed nor touched.
 */
export function tailfill(optionsOrClient?: OptionsOrClient<NextRequestView>): Client {
  const client = clientOf(optionsOrClient);
  const watch: Watch<NextRequestView> = { client, routeOf, isOurs };
  if (client.enabled) listen(watch);
  return client;
}

function listen(watch: Watch<NextRequestView>): void {
  try {
    subscribe("http.server.request.start", (message) => start(watch, message as Started));
    for (const { req, res } of underWay()) start(watch, { request: req, response: res });
  } catch (error) {
    watch.client.report(error);
  }
}

function start(watch: Watch<NextRequestView>, { request, response }: Started): void {
  enter(observe(watch, new NextRequestView(request), request, response));
}

/** Next keeps what it found out about a request on the request itself, under a symbol of the global registry. */
const META = Symbol.for("NextInternalRequestMeta");

interface Meta {
  match?: { definition?: { pathname?: unknown } };
}

interface NextMessage extends IncomingMessage {
  [META]?: Meta;
}

/** The pages that Next answers unmatched paths with. */
const NOT_FOUND = new Set<unknown>(["/_not-found", "/404", "/_error"]);

function routeOf({ raw }: NextRequestView): unknown {
  const pathname = (raw as NextMessage)[META]?.match?.definition?.pathname;
  return NOT_FOUND.has(pathname) ? undefined : pathname;
}

/** The app's own assets, below a base path if there is one. */
const ASSET = /^[^?]*\/_next\//;

function isOurs({ raw }: NextRequestView): boolean {
  return (raw as NextMessage)[META] !== undefined && !ASSET.test(raw.url ?? "");
}
