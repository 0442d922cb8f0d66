import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { networks } from "@/lib/alerts/delivery/addresses";
import { requestOf } from "@/lib/alerts/delivery/request";
import { seal } from "@/lib/alerts/delivery/sealed";
import { send } from "@/lib/alerts/delivery/send";
import { newSecret } from "@/lib/alerts/delivery/sign";
import { told } from "./told.ts";

// What the log shows of a request is compared with what arrives.
const ID = "019a0000-0000-7000-8000-000000000001";
const SECRET = "a secret of a test, with more than 32 bytes";
const KEY = "k".repeat(32);
const AT = 1_795_780_839_400;

let server: Server;
const arrived: { method: string; headers: Record<string, unknown>; body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      arrived.push({ method: request.method!, headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => server.close().closeAllConnections());

async function sent(kind: string) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=sesame`;
  const signing = kind === "webhook" ? { signing: [{ secret: newSecret(), untilMs: null }] } : {};
  const key = kind === "pagerduty" ? { routingKey: KEY } : {};
  const sealed = seal({ url, ...signing, ...key }, ID, SECRET);
  const guard = { allow: networks(["127.0.0.0/8"]) };
  const message = { messageId: ID, receiverId: ID, kind, sealed, payload: told() };
  const attempt = await send(message, { now: () => AT, secret: SECRET, guard });
  return { attempt, came: arrived.at(-1)!, shown: requestOf({ messageId: ID, kind, payload: told() })! };
}

test.each(["webhook", "slack", "discord", "teams", "pagerduty"])(
  "of %s it is what arrives, without secrets",
  async (kind) => {
    const { attempt, came, shown } = await sent(kind);
    expect(shown.method).toBe(came.method);
    expect(came.headers).toMatchObject(shown.headers);
    expect(shown.body).toBe(came.body.replace(KEY, "…"));
    expect(attempt.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/…$/);
    expect(JSON.stringify([shown, attempt])).not.toMatch(/sesame|signature|whsec|kkkk/);
  },
);

test("the time of the signature is that of the attempt", async () => {
  const { attempt, came } = await sent("webhook");
  expect(came.headers["webhook-timestamp"]).toBe(String(Math.floor(attempt.atMs / 1_000)));
});

test("of an e-mail it is the text, and the id by which it is known", () => {
  expect(requestOf({ messageId: ID, kind: "email", payload: told() })).toMatchObject({
    method: "SMTP",
    headers: { "message-id": `<${ID}@tailfill>`, subject: "[tailfill] Firing: count is slow" },
    body: expect.stringContaining("Service: shop, production") as string,
  });
});

test("of what is gone there is none", () => {
  expect(requestOf({ messageId: ID, kind: "webhook", payload: null })).toBeNull();
});
