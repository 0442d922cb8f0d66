import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { answerIngest } from "@/lib/cli/ingest-door";
import { flushRefusals } from "@/lib/ingest/ingest";
import { ensurePartitions } from "@/lib/store/partitions";
import { serverRoom } from "../auth/support/server-room.ts";
import type { TestDatabase } from "../support/database.ts";
import { jsonBatch } from "../support/ingest.ts";
import { until } from "../support/until.ts";

let room: TestDatabase;
let server: Server;
let url: string;
let key: string;
let readingKey: string;

beforeAll(async () => {
  room = await serverRoom();
  await ensurePartitions(room.db, Date.now());
  key = (await createApiKey({ name: "test", scopes: ["ingest"], createdBy: null }, room.db)).key;
  readingKey = (await createApiKey({ name: "test", scopes: ["read"], createdBy: null }, room.db)).key;
  server = createServer((request, response) => {
    void answerIngest(request, response).then((answered) => answered || response.writeHead(418).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/ingest`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await flushRefusals();
  await room.drop();
});

const batch = () => JSON.stringify(jsonBatch({ window: { start: new Date().toISOString(), seconds: 10 } }));
const headers = () => ({ authorization: `Bearer ${key}`, "content-type": "application/json" });

/** Sends a body in pieces, without saying how long it will be, and keeps sending until the answer is there. */
function sendChunks(chunks: Buffer[]): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const sent = httpRequest(url, { method: "POST", headers: headers() }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => done({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", fail);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

test("a batch with a key is taken, with the headers that every answer of the API has", async () => {
  const response = await fetch(url, { method: "POST", headers: headers(), body: batch() });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ accepted: 2, rejected: [], duplicate: false });
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("whatever has no key that may ingest is left to the route, unread", async () => {
  const statuses = [];
  for (const authorization of ["", "Bearer tf_wrong", `Bearer ${readingKey}`])
    statuses.push(
      (await fetch(url, { method: "POST", headers: { ...headers(), authorization }, body: batch() })).status,
    );
  statuses.push((await fetch(url, { headers: headers() })).status);
  expect(statuses).toEqual([418, 418, 418, 418]);
});

test("a body that is too long is told so while it is still being sent, and the connection serves on", async () => {
  const { status, body } = await sendChunks(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, "x")));
  expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([413, "too_large"]);
  const whole = batch();
  expect((await sendChunks([Buffer.from(whole.slice(0, 20)), Buffer.from(whole.slice(20))])).status).toBe(200);
});

test("an encoding that is refused is told without reading the body", async () => {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers(), "content-encoding": "br" },
    body: Buffer.alloc(500_000),
  });
  expect(response.status).toBe(415);
});

test("a sender that goes away in the middle leaves nothing behind", async () => {
  const before = await room.db.batch.count();
  const sent = httpRequest(url, { method: "POST", headers: { ...headers(), "content-length": "5000" } });
  sent.on("error", () => undefined);
  sent.write(batch().slice(0, 100));
  await once(sent, "socket");
  await until(
    "the server has the request",
    () => new Promise<boolean>((done) => server.getConnections((_, n) => done(n > 0))),
  );
  sent.destroy();
  await until("it is counted", async () => {
    await flushRefusals();
    return (await room.db.refusal.count({ where: { code: "bad_request" } })) > 0;
  });
  expect(await room.db.batch.count()).toBe(before);
});
