import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage } from "../support/browser.ts";
import { room, type Room } from "../support/room.ts";
import { seed } from "../support/seed.ts";
import { until } from "../support/until.ts";

let pages: Room;
let endpointId: number;
let cookie: string;
/** A site of somebody else, whose pages hold a frame with the address that they are asked for. */
let site: Server;
let siteOrigin: string;

beforeAll(async () => {
  pages = await room(({ db }) => seed(db, { nowMs: Date.now(), denseMinutes: 14 }));
  const found = await pages.server.db.endpoint.findFirstOrThrow({ where: { route: "/users/:id/comments" } });
  endpointId = found.id;
  cookie = await pages.server.signIn();
  site = createServer((request, response) => {
    const src = new URL(request.url!, "http://x").searchParams.get("src") ?? "";
    response.setHeader("content-type", "text/html");
    response.end(`<title>wiki</title><iframe name="shared" src="${src}" width="900" height="600"></iframe>`);
  });
  await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
  siteOrigin = `http://localhost:${(site.address() as AddressInfo).port}`;
}, 300_000);
afterAll(async () => {
  await pages?.stop();
  site?.close();
}, 60_000);

const call = (path: string, init: { method?: string; body?: object } = {}) =>
  fetch(pages.server.url + path, {
    method: init.method ?? "GET",
    redirect: "manual",
    headers: { cookie, origin: pages.server.url, "content-type": "application/json" },
    ...(init.body && { body: JSON.stringify(init.body) }),
  });

async function share(wish: object = {}): Promise<{ id: string; path: string; token: string }> {
  const body = { kind: "endpoint", endpointId, from: "now-1h", hours: 24, ...wish };
  const answer = await call("/api/v1/shares", { method: "POST", body });
  const { id, url } = (await answer.json()) as { id: string; url: string };
  expect(answer.status).toBe(201);
  const path = new URL(url).pathname;
  return { id, path, token: path.split("/").at(-1)! };
}

/** What a stranger gets: no cookie, no key. */
const look = (path: string) => fetch(pages.server.url + path, { redirect: "manual" });

describe("what a link shows", () => {
  test("its endpoint and nothing else, to anybody, and no user", async () => {
    const { path } = await share();
    const answer = await look(path);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("/users/:id/comments");
    for (const hidden of ["u_1", "/feed", "owner@example.test", 'href="/settings', 'href="/"', "/api/v1/"])
      expect([hidden, html.includes(hidden)]).toEqual([hidden, false]);
    expect(answer.headers.get("x-robots-tag")).toBe("noindex");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  test("users only when that was chosen", async () => {
    const { path } = await share({ users: true });
    expect(await (await look(path)).text()).toContain("u_1");
  });

  test("the endpoints of one service, or of none that is not there", async () => {
    const { path } = await share({ kind: "overview", endpointId: null, service: "shop", environment: "production" });
    const html = await (await look(path)).text();
    for (const route of ["/users/:id/comments", "/feed"]) expect(html).toContain(route);
    const other = await share({ kind: "overview", endpointId: null, service: "forum" });
    expect(await (await look(other.path)).text()).not.toContain("/feed");
  });

  test.each(["light", "dark"])("in the theme that its address names: %s", async (theme) => {
    const { path } = await share();
    expect(await (await look(`${path}?theme=${theme}`)).text()).toContain(`data-theme="${theme}"`);
    expect(await (await look(path)).text()).not.toContain("data-theme=");
    const signIn = await fetch(`${pages.server.url}/sign-in?theme=${theme}`, {
      headers: { "x-tailfill-theme": theme },
    });
    expect(await signIn.text()).not.toContain("data-theme=");
  });

  test("it opens nothing else: its token is no key and no session", async () => {
    const { token } = await share();
    const tries: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { cookie: `tailfill.session_token=${token}` },
    ];
    for (const headers of tries)
      for (const path of ["/api/v1/services", "/api/v1/tables/endpoints.csv", "/data/overview", "/metrics"]) {
        const answer = await fetch(pages.server.url + path, { headers });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    expect((await look(`/embed/${token}/data`)).status).not.toBe(200);
  });

  test("only its hash is stored", async () => {
    const { id, token } = await share();
    const row = await pages.server.db.shareLink.findUniqueOrThrow({ where: { id } });
    expect(row.tokenHash).toBe(createHash("sha256").update(token).digest("hex"));
    const listed = await (await call("/api/v1/shares")).text();
    expect(listed).toContain(id);
    for (const secret of [token, row.tokenHash]) expect(listed).not.toContain(secret);
  });
});

describe("when it is over", () => {
  test.each<[string, (id: string) => Promise<unknown>]>([
    [
      "expired",
      (id) => pages.server.db.shareLink.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1_000) } }),
    ],
    ["revoked", (id) => call(`/api/v1/shares/${id}`, { method: "DELETE" })],
  ])("%s, it says so with 410, also where it is embedded", async (_, end) => {
    const { id, path } = await share({ embeddedBy: ["https://wiki.example.com"] });
    await end(id);
    const answer = await look(path);
    expect(answer.status).toBe(410);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors https://wiki.example.com");
    const html = await answer.text();
    expect(html).toContain("This link is over");
    expect(html).not.toContain("/users/:id/comments");
  });

  test("one of an endpoint that is gone says so, and shows no error", async () => {
    const { db } = pages.server;
    const { serviceId, environment } = await db.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
    const gone = await db.endpoint.create({ data: { serviceId, environment, method: "GET", route: "/gone" } });
    const { path } = await share({ endpointId: gone.id });
    await db.endpoint.delete({ where: { id: gone.id } });
    expect(await (await look(path)).text()).toContain("This link is over");
  });

  test("one that never was is over as well", async () => {
    for (const token of ["x", "a".repeat(43), "../settings"])
      expect((await look(`/embed/${token}`)).status).not.toBe(200);
    expect((await look(`/embed/${"a".repeat(43)}`)).status).toBe(410);
  });

  test("revoking twice, or what is not there, is told", async () => {
    const { id } = await share();
    expect((await call(`/api/v1/shares/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await call(`/api/v1/shares/${id}`, { method: "DELETE" })).status).toBe(404);
    expect((await call("/api/v1/shares/nonsense", { method: "DELETE" })).status).toBe(404);
  });
});

describe("who may frame it", () => {
  const policyOf = async (path: string) => {
    const { headers } = await look(path);
    const ancestors = /frame-ancestors ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];
    return [ancestors, headers.get("x-frame-options")];
  };

  test("nobody unless sites were named, and nobody any other page", async () => {
    expect(await policyOf((await share()).path)).toEqual(["'none'", null]);
    expect(await policyOf((await share({ embeddedBy: ["*"] })).path)).toEqual(["*", null]);
    const named = { embeddedBy: ["https://*.example.com", "http://localhost:3000"] };
    expect(await policyOf((await share(named)).path)).toEqual(["https://*.example.com http://localhost:3000", null]);
    for (const path of ["/sign-in", "/", "/api/v1/services", "/sdk.tgz", "/metrics"])
      expect([path, ...(await policyOf(path))]).toEqual([path, "'none'", "DENY"]);
  });

  test.each([
    [{ embeddedBy: ["https://a.test; script-src *"] }],
    [{ embeddedBy: ["javascript:alert(1)"] }],
    [{ embeddedBy: ["'self'"] }],
    [{ embeddedBy: ["https://a.test/path"] }],
    [{ embeddedBy: Array.from({ length: 11 }, (_, n) => `https://a${n}.test`) }],
    [{ hours: 0 }],
    [{ hours: 721 }],
    [{ from: "yesterday" }],
    [{ endpointId: null }],
    [{ kind: "everything" }],
  ])("%j is refused", async (change) => {
    const body = { kind: "endpoint", endpointId, hours: 1, ...change };
    expect((await call("/api/v1/shares", { method: "POST", body })).status).toBe(400);
  });

  test("an endpoint that is not there cannot be shared, and no key can share", async () => {
    const body = { kind: "endpoint", endpointId: 999_999, hours: 1 };
    expect((await call("/api/v1/shares", { method: "POST", body })).status).toBe(404);
    const key = await pages.server.key("ingest", "read", "write");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const own = { method: "POST", headers, body: JSON.stringify({ ...body, endpointId }) };
    expect((await fetch(`${pages.server.url}/api/v1/shares`, own)).status).toBe(401);
  });

  test("a site that was named shows the chart within its page", async () => {
    const { path } = await share({ embeddedBy: [siteOrigin] });
    const { page, problems, screenshot } = await openPage(pages.browser, { name: "named site" });
    await page.goto(`${siteOrigin}/?src=${encodeURIComponent(`${pages.server.url}${path}?theme=dark`)}`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { name: /users\/:id\/comments/ }).waitFor();
    await frame.locator(".recharts-line-curve").first().waitFor({ state: "attached" });
    await screenshot("embed-in-site");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("a site that was not, does not", async () => {
    const { path } = await share({ embeddedBy: ["https://wiki.example.com"] });
    const { page, problems } = await openPage(pages.browser, { name: "other site" });
    await page.goto(`${siteOrigin}/?src=${encodeURIComponent(pages.server.url + path)}`);
    await until("the browser has refused", async () => problems.some((one) => /frame-ancestors/.test(one)));
    expect(await page.frameLocator("iframe").getByRole("heading").count()).toBe(0);
    await page.context().close();
  });
});

test("is made in a dialog, listed with its use, and revoked in Settings", () =>
  pages.at(`/endpoints/${endpointId}`, async ({ page, screenshot }) => {
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Sites that may embed it").fill("https://wiki.example.com");
    await screenshot("share-dialog");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const link = (await dialog.locator("code").textContent())!;
    expect(new URL(link).pathname).toMatch(/^\/embed\/[\w-]{43}$/);
    expect((await look(new URL(link).pathname)).status).toBe(200);
    await dialog.getByRole("button", { name: "Done" }).click();
    await until("its use is noted", async () => {
      const row = await pages.server.db.shareLink.findFirst({ orderBy: { createdAt: "desc" } });
      return row !== null && row.lastUsedAt !== null;
    });
    await page.goto(`${pages.server.url}/settings/links`);
    const row = page.getByRole("row", { name: /GET \/users\/:id\/comments/ }).first();
    await row.getByText("https://wiki.example.com").waitFor();
    await row.getByText("owner@example.test").waitFor();
    await screenshot("settings-links");
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke the link" }).click();
    await until("it is over", async () => (await look(new URL(link).pathname)).status === 410);
  }));

test("on a phone and in light, and when it is over", async () => {
  const shots: [string, string, { width: number; height: number }][] = [
    ["embed-wide", (await share({ users: true })).path, { width: 1200, height: 700 }],
    ["embed-phone", `${(await share({ users: true })).path}?theme=dark`, { width: 360, height: 700 }],
    ["embed-overview", (await share({ kind: "overview", endpointId: null })).path, { width: 900, height: 700 }],
  ];
  for (const [name, path, viewport] of shots) {
    const { page, problems, screenshot } = await openPage(pages.browser, { name, viewport });
    await page.goto(pages.server.url + path);
    await page.getByText("tailfill, shared until").waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([name, overflow <= 0]).toEqual([name, true]);
    await screenshot(name);
    expect(problems).toEqual([]);
    await page.context().close();
  }
});
