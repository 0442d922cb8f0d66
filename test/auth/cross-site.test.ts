import { afterAll, beforeAll, expect, test } from "vitest";
import * as invitations from "@/app/api/auth/invitations/route";
import * as invitation from "@/app/api/auth/invitations/[id]/route";
import * as accept from "@/app/api/auth/invite/route";
import * as password from "@/app/api/auth/password/route";
import * as person from "@/app/api/auth/people/[id]/route";
import * as setup from "@/app/api/auth/setup/route";
import * as signIn from "@/app/api/auth/sign-in/route";
import * as signOutEverywhere from "@/app/api/auth/sign-out-everywhere/route";
import * as signOut from "@/app/api/auth/sign-out/route";
import * as keys from "@/app/api/v1/keys/route";
import * as key from "@/app/api/v1/keys/[id]/route";
import type { TestDatabase } from "@/test/support/database";
import { ask, cookieOf, codeOf, ORIGIN, OWNER, serverRoom, startOver, type Handler } from "./support/server-room.ts";

const CHANGES = {
  "POST /api/auth/sign-in": signIn.POST,
  "POST /api/auth/sign-out": signOut.POST,
  "POST /api/auth/sign-out-everywhere": signOutEverywhere.POST,
  "POST /api/auth/password": password.POST,
  "POST /api/auth/setup": setup.POST,
  "POST /api/auth/invite": accept.POST,
  "POST /api/auth/invitations": invitations.POST,
  "DELETE /api/auth/invitations/x": invitation.DELETE as Handler,
  "DELETE /api/auth/people/x": person.DELETE as Handler,
  "POST /api/v1/keys": keys.POST,
  "DELETE /api/v1/keys/x": key.DELETE as Handler,
} satisfies Record<string, Handler>;

// An empty value removes the header.
const FOREIGN: Record<string, Record<string, string>> = {
  "of another site": { origin: "https://evil.example" },
  "of a sandboxed frame": { origin: "null" },
  "without Origin": { origin: "" },
  "of another port": { origin: "http://127.0.0.1:3001" },
  "of another scheme": { origin: "https://127.0.0.1:3000" },
  "of a look-alike": { origin: "http://127.0.0.1:3000.evil.example" },
  "of a rebound name": { origin: "http://evil.example:3000", host: "evil.example:3000" },
  "marked cross-site by the browser": { origin: ORIGIN, "sec-fetch-site": "cross-site" },
  "marked same-site by the browser": { origin: ORIGIN, "sec-fetch-site": "same-site" },
};

let room: TestDatabase;
let cookie: string;
const body = { ...OWNER, token: "x", name: "k", scopes: ["read"], current: "x", next: "a new long password" };
const context = { params: Promise.resolve({ id: "x" }) };
const changes = Object.entries(CHANGES).map(([name, handler]) => {
  const [method = "", path = ""] = name.split(" ");
  return { name, handler: handler as Handler, method, path };
});

beforeAll(async () => {
  room = await serverRoom();
  await startOver(room.db);
  cookie = cookieOf(await signIn.POST(ask("/api/auth/sign-in", { method: "POST", body: OWNER }), {}));
});
afterAll(() => room.drop());

test.each(Object.entries(FOREIGN))("every change by cookie in a request %s is refused", async (_, headers) => {
  for (const { name, handler, method, path } of changes) {
    const answer = await handler(ask(path, { method, body, cookie, headers }), context);
    expect([name, answer.status, await codeOf(answer)]).toEqual([name, 403, "cross_site"]);
  }
  expect(await room.db.apiKey.count()).toBe(0);
  expect(await room.db.session.count()).toBe(1);
});

test("a form of another site cannot even be read as JSON", async () => {
  const form = { "content-type": "text/plain" };
  const answer = await keys.POST(ask("/api/v1/keys", { method: "POST", body, cookie, headers: form }), {});
  expect(answer.status).toBe(415);
});

test("the server's own pages may change things, at the public address and at any loopback name", async () => {
  for (const [host, origin] of [
    ["127.0.0.1:3000", ORIGIN],
    ["localhost:4000", "http://localhost:4000"],
    ["[::1]:4000", "http://[::1]:4000"],
  ]) {
    const headers = { host: host ?? "", origin: origin ?? "", "sec-fetch-site": "same-origin" };
    const made = await keys.POST(
      ask("/api/v1/keys", { method: "POST", body: { name: "k", scopes: ["read"] }, cookie, headers }),
      {},
    );
    expect([host, made.status]).toEqual([host, 201]);
  }
});

test("reading needs no Origin", async () => {
  expect((await keys.GET(ask("/api/v1/keys", { cookie }), {})).status).toBe(200);
});
