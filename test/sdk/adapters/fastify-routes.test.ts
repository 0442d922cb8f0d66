import Fastify, { type FastifyInstance } from "fastify";
import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/fastify";
import { recordingClient } from "./recording-client";
import { routesOf } from "./routes-of";

async function listener(app: FastifyInstance): Promise<RequestListener> {
  await app.ready();
  return (req, res) => app.routing(req, res);
}

test("plugins in plugins, whole-prefix routes, and not-found handlers of their own", async () => {
  const [client, app] = [recordingClient(), Fastify()];
  await app.register(tailfill, client);
  await app.register(
    async (api) => {
      api.setNotFoundHandler((_request, reply) => reply.code(404).send("none here"));
      await api.register(async (users) => void users.get("/", async () => "ok"), { prefix: "/:org" });
    },
    { prefix: "/api" },
  );
  app.setNotFoundHandler((_request, reply) => reply.code(404).send("none"));
  const paths = ["/api/acme", "/api/acme/x/y", "/none"];
  const wanted = ["/api/:org", "(unmatched) client_error", "(unmatched) client_error"];
  expect(await routesOf(await listener(app), client, paths)).toEqual(wanted);
});

test("a hook that refuses, and a body that is not valid, count under the route", async () => {
  const [client, app] = [recordingClient(), Fastify()];
  await app.register(tailfill, client);
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/private")) await reply.code(401).send("who?");
  });
  app.get("/private/:id", async () => "ok");
  const querystring = { type: "object", required: ["q"], properties: { q: { type: "string" } } };
  app.get("/search", { schema: { querystring } }, async () => "ok");
  const wanted = ["/private/:id client_error", "/search client_error"];
  expect(await routesOf(await listener(app), client, ["/private/1", "/search"])).toEqual(wanted);
});

test("a reply that the handler took over counts when its response closes", async () => {
  const [client, app] = [recordingClient(), Fastify()];
  await app.register(tailfill, client);
  app.get("/raw", (_request, reply) => {
    reply.hijack();
    reply.raw.end("raw");
  });
  expect(await routesOf(await listener(app), client, ["/raw"])).toEqual(["/raw"]);
});

test("app.inject() answers as without us", async () => {
  const [client, app] = [recordingClient(), Fastify()];
  await app.register(tailfill, client);
  app.get("/ok", async () => "ok");
  expect((await app.inject("/ok")).body).toBe("ok");
});
