import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/hono";
import { templateOf, type RoutedRequest } from "@/lib/sdk/src/adapters/hono-routes";
import { recordingClient } from "./recording-client";
import { routesOf } from "./routes-of";

const client = (): ReturnType<typeof recordingClient> => recordingClient();
const listener = (app: Hono): RequestListener => getRequestListener(app.fetch) as RequestListener;

test("base paths, and sub-apps with error handlers of their own", async () => {
  const [mine, app, inner] = [client(), new Hono().basePath("/v1"), new Hono()];
  inner.onError((_error, c) => c.text("failed", 500));
  inner.get("/:id", (c) => c.text("ok")).get("/:id/broken", () => Promise.reject(new Error("on purpose")));
  app.use(tailfill(mine));
  app.route("/users/:user/posts", inner);
  const paths = ["/v1/users/1/posts/2", "/v1/users/1/posts/2/broken"];
  const route = "/v1/users/:user/posts/:id";
  expect(await routesOf(listener(app), mine, paths)).toEqual([route, `${route}/broken server_error`]);
});

test("a middleware that refuses: under the route that the request was on its way to", async () => {
  const [mine, app] = [client(), new Hono()];
  app.use(tailfill(mine));
  app.use("/users/*", async (c, _next) => c.text("who?", 401));
  app.get("/users/:id", (c) => c.text("ok"));
  const wanted = ["/users/:id client_error", "/users/* client_error"];
  expect(await routesOf(listener(app), mine, ["/users/1", "/users/1/2/3"])).toEqual(wanted);
});

test("what a middleware serves counts under its path; what nobody serves is unmatched", async () => {
  const [mine, app] = [client(), new Hono()];
  app.use(tailfill(mine));
  app.use("/static/*", async (c, next) => (c.req.path.endsWith(".css") ? c.text("css") : next()));
  app.all("/any/:id", (c) => c.text("ok"));
  const wanted = ["/static/*", "(unmatched) client_error", "/any/:id"];
  expect(await routesOf(listener(app), mine, ["/static/a.css", "/static/none", "/any/5"])).toEqual(wanted);
});

test("the first of two routes that match is the one that answered; one that passes on is not", async () => {
  const [mine, app] = [client(), new Hono()];
  app.use(tailfill(mine));
  app.get("/users/me", (c) => c.text("me"));
  app.get("/users/:id", async (c, next) => (c.req.param("id") === "x" ? next() : c.text("id")));
  app.get("/users/*", (c) => c.text("rest"));
  expect(await routesOf(listener(app), mine, ["/users/me", "/users/1", "/users/x"])).toEqual([
    "/users/me",
    "/users/:id",
    "/users/*",
  ]);
});

test("an app of another kind under app.mount", async () => {
  const [mine, app] = [client(), new Hono()];
  app.use(tailfill(mine));
  app.mount("/other", () => new Response("other"));
  expect(await routesOf(listener(app), mine, ["/other/a/b"])).toEqual(["/other/*"]);
});

test("app.request() answers, and counts nothing", async () => {
  const [mine, app] = [client(), new Hono()];
  app.use(tailfill(mine)).get("/ok", (c) => c.text("ok"));
  expect((await app.request("/ok")).status).toBe(200);
  expect(mine.samples).toEqual([]);
});

test("a Hono whose symbol is not found is asked the public way", () => {
  const handler = (): null => null;
  const matchedRoutes = [
    { path: "*", method: "ALL", handler: (_c: unknown, _next: unknown) => null },
    { path: "/users/:id", method: "GET", handler },
  ];
  expect(templateOf({ routeIndex: 0, matchedRoutes } as RoutedRequest, 200)).toBe("/users/:id");
  expect(templateOf({}, 200)).toBeUndefined();
});
