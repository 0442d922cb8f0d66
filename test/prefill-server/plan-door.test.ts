import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { answerPlan } from "@/lib/cli/plan-door";
import { serverRoom } from "../auth/support/server-room.ts";
import type { TestDatabase } from "../support/database.ts";

let room: TestDatabase;
let server: Server;
let url: string;
const keys = new Map<string, string>();

beforeAll(async () => {
  room = await serverRoom();
  for (const scope of ["ingest", "read", "write"] as const)
    keys.set(scope, (await createApiKey({ name: scope, scopes: [scope], createdBy: null }, room.db)).key);
  server = createServer((request, response) => {
    void answerPlan(request, response).then((answered) => answered || response.writeHead(418).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/api/v1/prefill/plan?service=shop&environment=production&instance=web-1`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await room.drop();
});

const get = (scope: string, headers: Record<string, string> = {}, address = url) =>
  fetch(address, { headers: { authorization: `Bearer ${keys.get(scope)}`, ...headers } });

test("an app gets its plan, and is told when it has it, with the headers that every answer of the API has", async () => {
  const first = await get("ingest");
  expect([first.status, first.headers.get("content-encoding")]).toEqual([200, "gzip"]);
  expect(await first.json()).toMatchObject({ v: 1, service: "shop", environment: "production" });
  const again = await get("read", { "if-none-match": first.headers.get("etag")! });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  for (const { headers } of [first, again]) {
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("date")).not.toBeNull();
  }
});

test("a bad question is refused as by the route", async () => {
  const response = await get("ingest", {}, url.replace("&instance=web-1", "&instance=&what=1"));
  expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  expect(await response.json()).toMatchObject({
    code: "bad_request",
    detail: expect.stringMatching(/instance: .*what: /s),
  });
});

test("who has no key for it, or asks for something else, is left to the route", async () => {
  expect((await get("write")).status).toBe(418);
  expect((await fetch(url)).status).toBe(418);
  expect((await fetch(url, { method: "POST" })).status).toBe(418);
  expect((await get("ingest", {}, url.replace("/plan?", "/planned?"))).status).toBe(418);
});
