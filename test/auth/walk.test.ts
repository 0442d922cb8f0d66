import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/auth/api-keys";
import { newApiKey } from "@/lib/key-format";
import { repositoryRoot } from "@/lib/store/repository-root";
import { testServer, type TestServer } from "@/test/support/server";
import { ROUTES, type Access } from "./routes.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const SCOPES = ["ingest", "read", "write"] as const;
/** What a stranger may be told by a route that is closed. 405: there is no such method, so there is nothing behind it. */
const SHUT = [401, 403, 405];
/** Headers that once made Next.js skip a check, or take a request for one of its own. */
const TRICKS: Record<string, string>[] = [
  {},
  { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
  { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
  { "x-middleware-subrequest": "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware" },
  { "next-resume": "1" },
  { "x-matched-path": "/sign-in", "x-invoke-path": "/sign-in", "x-now-route-matches": "1" },
  { "x-original-url": "/sign-in", "x-rewrite-url": "/sign-in", "x-forwarded-prefix": "/sign-in" },
  { rsc: "1", "next-router-prefetch": "1" },
  { "next-action": "0".repeat(42) },
  { "x-tailfill-address": "127.0.0.1", "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "127.0.0.1" },
];

let server: TestServer;
let revoked: string;
let ended: string;
const keys = new Map<string, string>();

beforeAll(async () => {
  server = await testServer();
  for (const scope of SCOPES) keys.set(scope, await server.key(scope));
  revoked = await server.key(...SCOPES);
  const row = await server.db.apiKey.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  await revokeApiKey(row.id, server.db);
  ended = await server.signIn();
  await fetch(`${server.url}/api/auth/sign-out`, { method: "POST", headers: { cookie: ended, origin: server.url } });
});
afterAll(() => server?.stop());

const isPage = ({ access }: Access) => access === "page";
const closed = Object.entries(ROUTES).filter(([, { access }]) => access !== "open");
const api = closed.filter(([, route]) => !isPage(route));
const pages = closed.filter(([, route]) => isPage(route));

/** Everything that answers programs, not people. */
const calls = Object.entries(ROUTES).filter(
  ([route]) => /^\/(api|data|metrics)(\/|$)/.test(route) && !route.includes("[["),
);

/** A route's address with something in place of its parameters. */
const addressOf = (route: string) => route.replaceAll(/\[\.{0,3}[^\]]+\]/g, "1");

async function ask(route: string, method: string, headers: Record<string, string>): Promise<Response> {
  const body = method === "GET" ? {} : { body: "{}" };
  const all = { "content-type": "application/json", origin: server.url, ...headers };
  const send = (path: string) => fetch(server.url + path, { method, redirect: "manual", headers: all, ...body });
  const answer = await send(addressOf(route));
  // Next.js sends requests for a page's data to the same address with a mark of its headers; what counts is behind it.
  const marked = answer.headers.get("location") ?? "";
  return marked.startsWith(`${addressOf(route)}?_rsc`) ? send(marked) : answer;
}

async function statusesOf(route: string, headers: Record<string, string>): Promise<string[]> {
  const answers = METHODS.map(async (method) => {
    const answer = await ask(route, method, headers);
    await answer.arrayBuffer();
    return `${method} ${route} ${answer.status}`;
  });
  return Promise.all(answers);
}

const open = (statuses: string[]) => statuses.filter((line) => !SHUT.includes(Number(line.split(" ")[2])));

describe("the list of routes", () => {
  const built = join(repositoryRoot(), ".next");
  const read = (name: string): unknown => JSON.parse(readFileSync(join(built, name), "utf8"));

  test("is what was built, no route more or less", () => {
    const routes = Object.values(read("app-path-routes-manifest.json") as Record<string, string>);
    expect(routes.filter((route) => route !== "/_global-error").sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test("is all there is: no server actions, no pages of the old router, no other rewrites", () => {
    const actions = read("server/server-reference-manifest.json") as { node: object; edge: object };
    expect([actions.node, actions.edge]).toEqual([{}, {}]);
    const old = Object.keys(read("server/pages-manifest.json") as object);
    expect(old.filter((page) => !/^\/(_app|_document|_error|404|500)$/.test(page))).toEqual([]);
    const { rewrites } = read("routes-manifest.json") as { rewrites: object };
    expect(Object.values(rewrites).flat()).toEqual([]);
  });

  test("every page of the dashboard asks for the session itself: a layout is not drawn again for each page", () => {
    const folder = join(repositoryRoot(), "app", "(dashboard)");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) =>
      /(^|[/\\])page\.tsx$/.test(f),
    );
    expect(files.length).toBeGreaterThan(0);
    const careless = files.filter((file) => !/await requireSession\(\)/.test(readFileSync(join(folder, file), "utf8")));
    expect(careless.map((file) => relative(folder, join(folder, file)).split(sep).join("/"))).toEqual([]);
  });

  test("the proxy does not see what is sent to the API", () => {
    const file = join(built, "server", "functions-config-manifest.json");
    expect(existsSync(file)).toBe(true);
    const { functions } = read("server/functions-config-manifest.json") as {
      functions: Record<string, { matchers: { regexp: string }[] }>;
    };
    const matchers = functions["/_middleware"]?.matchers.map(({ regexp }) => new RegExp(regexp)) ?? [];
    expect(matchers.some((matcher) => matcher.test("/settings/keys"))).toBe(true);
    for (const path of [
      "/api",
      "/api/v1/ingest",
      "/api/health",
      "/data",
      "/data/overview",
      "/v1/traces",
      "/v1/logs",
      "/metrics",
    ])
      expect([path, matchers.some((matcher) => matcher.test(path))]).toEqual([path, false]);
  });
});

describe("the API", () => {
  test("is shut without credentials, whatever tricks are played", async () => {
    for (const trick of TRICKS)
      for (const [route] of api) expect([trick, open(await statusesOf(route, trick))]).toEqual([trick, []]);
  });

  test.each([
    ["a malformed key", () => ({ authorization: "Bearer tf_nonsense" })],
    ["an unknown key", () => ({ authorization: `Bearer ${newApiKey()}` })],
    ["a revoked key", () => ({ authorization: `Bearer ${revoked}` })],
    ["another scheme", () => ({ authorization: `Basic ${Buffer.from("owner:x").toString("base64")}` })],
    ["an ended session", () => ({ cookie: ended })],
    ["a made-up session", () => ({ cookie: "tailfill.session_token=AAAA.BBBB" })],
    ["an unknown key beside an ended session", () => ({ authorization: `Bearer ${newApiKey()}`, cookie: ended })],
  ])("is shut to %s", async (_, headersOf) => {
    for (const [route] of api) expect(open(await statusesOf(route, headersOf()))).toEqual([]);
  });

  test("is shut to a key that lacks the scope, and lets no key do what only people may", async () => {
    for (const [route, { access, ...rest }] of api)
      for (const scope of SCOPES.filter((own) => own !== access && own !== ("also" in rest ? rest.also : null))) {
        const statuses = await statusesOf(route, { authorization: `Bearer ${keys.get(scope)}` });
        const wanted = access === "read" || access === "ingest" ? open(statuses) : openUnless(statuses, scope, access);
        expect([scope, access, wanted]).toEqual([scope, access, []]);
      }
  });

  test("lets the right key in", async () => {
    for (const [route, { access, methods }] of api)
      for (const method of methods ?? [])
        if (access !== "person") {
          const answer = await ask(route, method, { authorization: `Bearer ${keys.get(scopeFor(access, method))}` });
          expect([route, method, SHUT.includes(answer.status)]).toEqual([route, method, false]);
        }
  });

  test("refuses a session's changes that come from another site", async () => {
    const cookie = await server.signIn();
    for (const origin of ["https://evil.example", "null"])
      for (const [route] of api) {
        const changes = (await statusesOf(route, { cookie, origin })).filter((line) => !line.startsWith("GET "));
        expect([origin, open(changes)]).toEqual([origin, []]);
      }
  });
});

describe("what there is not", () => {
  const problemOf = async (answer: Response) => {
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    return (await answer.json()) as { code: string; detail: string };
  };

  test.each([
    "/api",
    "/api/nonsense",
    "/api/v1",
    "/api/v2/services",
    "/api/v1/endpoints/1/nonsense",
    "/api/v1/users/a/b",
    "/api/v1/constructor",
    "/data",
    "/data/nonsense",
    `/api/${"x".repeat(5_000)}`,
  ])("%.40s is told as a problem, by any method", async (path) => {
    for (const method of METHODS) {
      const answer = await fetch(server.url + path, { method });
      expect([method, answer.status]).toEqual([method, 404]);
      const { code, detail } = await problemOf(answer);
      expect([code, detail.startsWith(`There is nothing at ${path.slice(0, 200)}`)]).toEqual(["not_found", true]);
      expect(detail.length).toBeLessThan(300);
    }
  });

  test("a method that a route does not answer is told as a problem, with those that it does", async () => {
    for (const [route, { methods = [] }] of calls) {
      const allow = [...methods.flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one])), "OPTIONS"].join(", ");
      for (const method of METHODS.filter((one) => !methods.includes(one))) {
        const answer = await ask(route, method, {});
        expect([route, method, answer.status, answer.headers.get("allow")]).toEqual([route, method, 405, allow]);
        expect((await problemOf(answer)).code).toBe("method_not_allowed");
      }
      const options = await ask(route, "OPTIONS", {});
      expect([route, options.status, options.headers.get("allow")]).toEqual([route, 204, allow]);
    }
  });
});

test("users `.` and `..`, which no path can hold, are asked for by a parameter", async () => {
  const headers = { authorization: `Bearer ${keys.get("read")}` };
  for (const user of [".", "..", "%2e", "a/..", "../services"])
    for (const path of ["/api/v1/user", "/data/user"]) {
      const answer = await fetch(`${server.url}${path}?id=${encodeURIComponent(user)}`, { headers });
      expect([path, answer.status, ((await answer.json()) as { user: string }).user]).toEqual([path, 200, user]);
    }
});

describe("pages", () => {
  test("lead a stranger to the sign-in page, whatever tricks are played", async () => {
    for (const trick of [...TRICKS, { cookie: ended }, { cookie: "tailfill.session_token=AAAA.BBBB" }])
      for (const [route] of pages) {
        const answer = await ask(route, "GET", trick);
        const to = answer.headers.get("location") ?? "";
        const led = [303, 307].includes(answer.status) && /^\/sign-in(\?|$)/.test(to);
        expect([route, trick, answer.status, led]).toEqual([route, trick, answer.status, true]);
      }
  });

  test.each([
    ["no cookie", () => ({})],
    ["an ended session", () => ({ cookie: ended })],
    ["an ended session and a made-up page", () => ({ cookie: ended, "x-tailfill-page": "//evil.test/x" })],
  ])("lead back from there to where one wanted to go: %s", async (_, headers) => {
    const leads = async (path: string) => {
      const answer = await fetch(server.url + path, { headers: headers(), redirect: "manual" });
      return (answer.headers.get("location") ?? "").replace(server.url, "");
    };
    expect(await leads("/users?user=a%26b&from=now-3h&_rsc=abc")).toBe(
      "/sign-in?to=%2Fusers%3Fuser%3Da%2526b%26from%3Dnow-3h",
    );
    expect(await leads("/")).toBe("/sign-in");
  });

  test("are shown to who is signed in", async () => {
    const cookie = await server.signIn();
    for (const [route] of pages.filter(([path]) => !path.includes("[")))
      expect([route, (await ask(route, "GET", { cookie })).status]).toEqual([route, 200]);
  });
});

/** For a route that reads by one method and writes by another. */
function openUnless(statuses: string[], scope: string, access: string): string[] {
  return open(statuses).filter((line) => !(access === "write" && scope === "read" && line.startsWith("GET ")));
}

const scopeFor = (access: string, method: string) => (access === "write" && method === "GET" ? "read" : access);
