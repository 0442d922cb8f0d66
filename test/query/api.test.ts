import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { createRule } from "@/lib/alerts/rules";
import { createApiKey } from "@/lib/auth/api-keys";
import { decodeV2 } from "@/lib/histogram/index";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { openApiDocument, parseQuestion } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { newIncident, writeIncidents } from "@/lib/store/alert-incidents";
import { insertReceiver } from "@/lib/store/alert-receivers";
import { ensurePartitions } from "@/lib/store/partitions";
import { repositoryRoot } from "@/lib/store/repository-root";
import { uuid7 } from "@/lib/store/uuid7";
import { ask, serverRoom } from "../auth/support/server-room.ts";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import type { TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

type Json = Record<string, unknown>;
interface Operation {
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}

const API = join(repositoryRoot(), "app", "api");
const document = openApiDocument() as { openapi: string; paths: Record<string, Record<string, Operation>> };
const STRANGE_USERS = ["42", "a/b", "ü & ? # %", "__proto__", "<script>alert(1)</script>", "🙂", ".", ".."];

let room: TestDatabase;
let key: string;
let endpointId: number;

beforeAll(async () => {
  room = await serverRoom();
  await ensurePartitions(room.db, Date.now());
  const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;
  const users = STRANGE_USERS.map((id, at) => userOf(id, 1_000 * (at + 1), 2_000));
  const outcomes = {
    ok: payloadOf(...STRANGE_USERS.flatMap((_, at) => [1_000 * (at + 1), 2_000])),
    aborted: payloadOf(9e6),
  };
  const window = { startMs, seconds: 10 };
  const losses = new Map([["user_cap", 3]]);
  await store(room.db, batchOf({ window, losses, release: "1.8.0", endpoints: [endpointOf({ outcomes, users })] }));
  await new Folder(room.db).fold();
  endpointId = (await room.db.endpoint.findFirstOrThrow({ where: { total: false } })).id;
  await makeAlert(startMs);
  key = (await createApiKey({ name: "reader", scopes: ["read"], createdBy: null }, room.db)).key;
});
afterAll(() => room.drop());

const alert = { rule: "", incident: "", receiver: "" };

/** A rule that has an incident, and a receiver. */
async function makeAlert(nowMs: number): Promise<void> {
  const names = { name: "slow", service: "shop", environment: "production" };
  const rule = { kind: "percentile", ...names, percentile: 99, thresholdUs: 1_000 };
  alert.rule = await createRule(room.db, rule, { nowMs, by: null });
  alert.incident = uuid7(nowMs);
  const timing = { waitSeconds: 10, intervalSeconds: 300, repeatSeconds: 14_400 };
  const scope = { severity: "page", service: "shop", environment: "production" };
  const made = { id: alert.incident, groupKey: "g", ruleId: alert.rule, ruleName: "slow", openedAtMs: nowMs };
  await writeIncidents(room.db, [newIncident({ ...made, ...scope, ...timing })]);
  alert.receiver = uuid7(nowMs);
  const receiver = { id: alert.receiver, name: "ops", kind: "webhook", shown: "https://example.com/…", sealed: "" };
  await insertReceiver(room.db, receiver, { nowMs, by: null });
}

/** The id of what an address is about. */
function idFor(template: string): string {
  if (template.startsWith("/api/v1/alerts/rules/")) return alert.rule;
  if (template.startsWith("/api/v1/alerts/receivers/")) return alert.receiver;
  return template.startsWith("/api/v1/alerts/incidents/") ? alert.incident : String(endpointId);
}

type Handler = (request: Request, context: { params: Promise<Json> }) => Promise<Response>;

/** Calls the handler that Next.js would for an address of the read API. */
async function call(template: string, { query = "", with: bearer = key, id = idFor(template), user = "42" } = {}) {
  const path = template.replace("{id}", id).replace("{user}", encodeURIComponent(user));
  const headers: Record<string, string> = bearer === "" ? {} : { authorization: `Bearer ${bearer}` };
  const { GET } = (await import(/* @vite-ignore */ join(repositoryRoot(), "app", folderOf(template), "route.ts"))) as {
    GET: Handler;
  };
  const parameters = new URLSearchParams(query);
  for (const { name } of requiredOf(template)) if (!parameters.has(name)) parameters.append(name, REQUIRED[name]!);
  const response = await GET(ask(`${path}?${parameters}`, { headers }), { params: Promise.resolve({ id, user }) });
  return { response, body: (await response.json()) as Json };
}

/** What stands for parameters that have to be given. */
const REQUIRED: Record<string, string> = { id: "42", service: "shop", environment: "production" };
const requiredOf = (template: string) =>
  (document.paths[template]!["get"]!.parameters ?? []).filter((one) => one.in === "query" && one.required === true);

const folderOf = (template: string) => template.replaceAll("{", "[").replaceAll("}", "]").slice(1);
/** The plan is not for people, progress of imports is for programs that import, tables are files: all have tests of their own. */
const NOT_READS = new Set(["/api/v1/prefill/plan", "/api/v1/import", "/api/v1/tables/{file}"]);
const READS = Object.keys(document.paths).filter((path) => {
  const { get } = document.paths[path]!;
  const isJson = get?.responses["200"]?.content?.["application/json"] !== undefined;
  return isJson && get?.responses["400"] !== undefined && !NOT_READS.has(path);
});

function parseQuestionOf(parameters: string): string {
  try {
    return JSON.stringify(parseQuestion("userById", new URLSearchParams(parameters)));
  } catch (error) {
    return (error as Error).message;
  }
}

/** The methods of a route that do not refuse with 405: those want a key, or answer. */
async function answeredBy(handlers: Record<string, Handler>): Promise<string[]> {
  const methods = Object.keys(handlers).filter((name) => /^[A-Z]+$/.test(name) && name !== "OPTIONS");
  const statuses = await Promise.all(
    methods.map(async (method) => {
      const answer = await handlers[method]!(ask("/", { method }), { params: Promise.resolve({}) });
      return answer.status;
    }),
  );
  return methods.filter((_, at) => statuses[at] !== 405);
}

function answerSchemaOf(path: string): z.ZodType {
  const { schema } = document.paths[path]!["get"]!.responses["200"]!.content!["application/json"]!;
  return ANSWERS[schema.$ref!.split("/").at(-1) as keyof typeof ANSWERS];
}

describe("the description", () => {
  test("has every route under app/api/v1, health, readiness, metrics and OTLP with their methods, and no other", async () => {
    const files = readdirSync(API, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("route.ts"));
    const built: Record<string, string[]> = {};
    for (const file of files.filter((name) => /^(v1|health|ready)[/\\]/.test(name))) {
      const handlers = (await import(/* @vite-ignore */ join(API, file))) as Json;
      const methods = await answeredBy(handlers as Record<string, Handler>);
      const path = `/api/${file
        .replace(/[/\\]route\.ts$/, "")
        .replaceAll("\\", "/")
        .replaceAll("[", "{")
        .replaceAll("]", "}")}`;
      built[path] = methods.map((method) => method.toLowerCase()).sort();
    }
    built["/metrics"] = ["get"];
    built["/v1/traces"] = built["/v1/metrics"] = ["post"]; // test/auth/walk.test.ts holds these against what was built
    const described = Object.entries(document.paths).map(([path, calls]) => [path, Object.keys(calls).sort()]);
    expect(Object.fromEntries(described)).toEqual(built);
  });

  test("is OpenAPI 3.1, has every parameter of a path, and no dangling reference", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    for (const [path, calls] of Object.entries(document.paths))
      for (const call of Object.values(calls)) {
        const named = (call.parameters ?? []).filter((one) => one.in === "path").map(({ name }) => `{${name}}`);
        expect(named).toEqual(path.match(/\{[^}]+\}/g) ?? []);
      }
    for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(ANSWERS).toHaveProperty(name!);
  });

  test("is served to readers", async () => {
    const { response, body } = await call("/api/v1/openapi.json");
    expect(response.status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
    expect((await call("/api/v1/openapi.json", { with: "" })).response.status).toBe(401);
    expect((await call("/api/v1/openapi.json", { query: "?x=1" })).response.status).toBe(400);
  });
});

describe.each(READS)("GET %s", (path) => {
  test("answers as described", async () => {
    const { response, body } = await call(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(answerSchemaOf(path).parse(body)).toEqual(body);
  });

  test("wants a key, and one that may read", async () => {
    const { key: ingestKey } = await createApiKey({ name: "sender", scopes: ["ingest"], createdBy: null }, room.db);
    const stranger = await call(path, { with: "" });
    expect([stranger.response.status, stranger.body["code"]]).toEqual([401, "unauthenticated"]);
    expect(stranger.response.headers.get("content-type")).toBe("application/problem+json");
    expect((await call(path, { with: `${key.slice(0, -1)}!` })).response.status).toBe(401);
    const sender = await call(path, { with: ingestKey });
    expect([sender.response.status, sender.body["code"]]).toEqual([403, "forbidden"]);
  });

  test("refuses bad parameters, and names them", async () => {
    const parameters = (document.paths[path]!["get"]!.parameters ?? []).filter((one) => one.in === "query");
    const bad: Record<string, string> = {
      from: "x",
      to: "x",
      percentiles: "0",
      step: "0",
      limit: "0",
      tail: "0",
      id: "",
    };
    for (const { name } of parameters) {
      const value = bad[name] ?? "x".repeat(257);
      const { response, body } = await call(path, { query: `?${name}=${value}` });
      expect([response.status, body["code"]]).toEqual([400, "bad_request"]);
      expect(body["detail"]).toContain(`${name}: `);
      expect(ANSWERS.Problem.parse(body)).toEqual(body);
    }
    expect((await call(path, { query: "?nonsense=1" })).body["detail"]).toContain("nonsense: ");
    if (parameters.some(({ name }) => name === "from"))
      expect((await call(path, { query: "?from=now&to=now-1h" })).body["detail"]).toContain("from: ");
  });

  const known = (document.paths[path]!["get"]!.parameters ?? []).map(({ name }) => name);
  if (known.includes("to"))
    test.each(["now-1h", "0001-01-01"])("takes an end beyond all times for none, from %s", async (from) => {
      const compare = known.includes("compare") ? "&compare=before" : "";
      const { body } = await call(path, { query: `?from=${from}&to=9999-12-31T23:59:59Z${compare}` });
      expect(answerSchemaOf(path).parse(body)).toEqual(body);
      expect(JSON.stringify(body)).not.toMatch(/"[+-]\d{6}-/); // a year that readers of ISO 8601 do not expect
    });

  if (path.includes("{id}"))
    test.each(["999999", "0", "-1", "1.5", "x", "99999999999", "constructor"])("knows no endpoint %s", async (id) => {
      const { response, body } = await call(path, { id });
      expect([response.status, body["code"]]).toEqual([404, "not_found"]);
    });
});

describe("what is answered", () => {
  test("services", async () => {
    const { body } = await call("/api/v1/services");
    expect(body).toEqual({
      services: [{ name: "shop", environments: ["production"], lastSeenAt: expect.stringMatching(/^\d{4}-/) }],
    });
  });

  test("endpoints, with the losses of the range and the percentiles asked for", async () => {
    const { body } = await call("/api/v1/endpoints", {
      query: "?service=shop&environment=production&percentiles=50,99.95",
    });
    const [row] = body["endpoints"] as Json[];
    expect(row).toMatchObject({
      id: endpointId,
      service: "shop",
      method: "GET",
      route: "/users/:id",
      count: 2 * STRANGE_USERS.length + 1,
    });
    expect(row!["outcomes"]).toEqual({ ok: 2 * STRANGE_USERS.length, client_error: 0, server_error: 0, aborted: 1 });
    expect(Object.keys(row!["percentiles"] as Json)).toEqual(["p50Us", "p99.95Us"]);
    expect(row!["thin"]).toEqual(["p99.95"]);
    expect(body["losses"]).toEqual([{ reason: "user_cap", count: 3, unit: "requests" }]);
    expect(body["nothing"]).toBeNull();
  });

  test.each([
    ["?service=other", "filtered_out"],
    ["?environment=staging", "filtered_out"],
    ["?from=now-3h&to=now-2h", "none_in_range"],
    ["?from=2020-01-01&to=2020-02-01", "expired"],
  ])("no endpoints for %s, and why", async (query, nothing) => {
    const { body } = await call("/api/v1/endpoints", { query });
    expect([body["endpoints"], body["nothing"]]).toEqual([[], nothing]);
  });

  test("a series with gaps as points of count 0 and nulls", async () => {
    const { body } = await call("/api/v1/endpoints/{id}/series", { query: "?from=now-10m&step=10s&percentiles=99" });
    const points = body["points"] as Json[];
    expect(body["stepSeconds"]).toBe(10);
    expect(points.filter(({ count }) => count === 2 * STRANGE_USERS.length + 1)).toHaveLength(1);
    const gaps = points.filter(({ count }) => count === 0);
    expect(gaps).toHaveLength(points.length - 1);
    for (const gap of gaps)
      expect(gap).toEqual({
        at: expect.any(String),
        count: 0,
        p99Us: null,
        outcomes: { ok: 0, client_error: 0, server_error: 0, aborted: 0 },
      });
  });

  test("refuses a step that makes too many points", async () => {
    const { response, body } = await call("/api/v1/endpoints/{id}/series", { query: "?from=now-20h&step=10" });
    expect(response.status).toBe(400);
    expect(body["detail"]).toMatch(/^step: must be at least \d+ seconds/);
  });

  test("a histogram that other programs can read", async () => {
    const { body } = await call("/api/v1/endpoints/{id}/histogram");
    expect(body["count"]).toBe(2 * STRANGE_USERS.length + 1);
    const latencies = [...STRANGE_USERS.flatMap((_, at) => [1_000 * (at + 1), 2_000]), 9e6];
    expect(decodeV2(Buffer.from(body["histogram"] as string, "base64"))).toEqual(payloadOf(...latencies));
  });

  test("the tail's users, each in full, and everybody else", async () => {
    const { body } = await call("/api/v1/endpoints/{id}/users", { query: "?tail=50&limit=2" });
    const users = body["users"] as Json[];
    expect(users).toHaveLength(2);
    expect(body["userCount"]).toBe(STRANGE_USERS.length);
    expect(body["other"]).toMatchObject({ users: STRANGE_USERS.length - 2, count: 2 * STRANGE_USERS.length + 1 - 4 });
  });

  test.each(STRANGE_USERS)("the user %s as a parameter, as under the encoded id", async (user) => {
    const { body } = await call("/api/v1/user", { query: `?service=shop&id=${encodeURIComponent(user)}` });
    expect(body["endpoints"]).toMatchObject([{ endpointId, route: "/users/:id", count: 2 }]);
    if (/^\.+$/.test(user)) return;
    const other = (await call("/api/v1/users/{user}", { user, query: "?service=shop" })).body;
    expect(Object.keys(body)).toEqual(Object.keys(other));
    for (const name of ["user", "totals", "endpoints", "axis"]) expect(body[name]).toEqual(other[name]);
  });

  test("a user without an id is told what is missing", async () => {
    const { response, body } = await call("/api/v1/user", { query: "?service=shop&id=" });
    expect([response.status, body["detail"]]).toEqual([400, "id: must not be empty."]);
    expect(parseQuestionOf("service=shop")).toBe("id: is missing.");
  });

  test.each(STRANGE_USERS.filter((id) => !/^\.+$/.test(id)))("the user %s under the encoded id", async (user) => {
    const { response, body } = await call("/api/v1/users/{user}", { user, query: "?service=shop" });
    expect(response.status).toBe(200);
    expect(body["user"]).toBe(user);
    expect(body["endpoints"]).toMatchObject([{ endpointId, route: "/users/:id", count: 2 }]);
  });

  test("a user nobody has seen", async () => {
    for (const query of ["", "?service=shop", "?from=2020-01-01&to=2020-02-01", "?environment=production"]) {
      const { response, body } = await call("/api/v1/users/{user}", { user: "nobody", query });
      expect([query, response.status, body["endpoints"], body["nothing"]]).toEqual([query, 200, [], "unknown_user"]);
    }
  });

  test.each([
    ["42", "?from=now-3h&to=now-2h", "none_in_range"],
    ["42", "?from=2020-01-01&to=2020-02-01", "expired"],
    ["42", "?service=other", "filtered_out"],
    ["nobody", "?service=other", "filtered_out"],
    ["(other users)", "", "none_in_range"],
  ])("nothing of the user %s for %s, and why", async (user, query, nothing) => {
    const { body } = await call("/api/v1/users/{user}", { user, query });
    expect([body["endpoints"], body["nothing"]]).toEqual([[], nothing]);
  });

  test.each([
    ["/api/v1/endpoints", "?service=%00&environment=%00"],
    ["/api/v1/users", "?search=%00&service=a%00b"],
    ["/api/v1/users/{user}", "?service=%00"],
  ])("GET %s takes a NUL for the character it is stored as", async (path, query) => {
    const { response } = await call(path, { query, user: "a\0b" });
    expect(response.status).toBe(200);
  });

  test("users by the beginning of their id, whatever characters it has", async () => {
    const { body } = await call("/api/v1/users", { query: "?search=%3Cscript" });
    expect(body["users"]).toEqual([{ user: "<script>alert(1)</script>", service: "shop" }]);
    expect((await call("/api/v1/users", { query: "?search=%25" })).body["users"]).toEqual([]);
    expect((await call("/api/v1/users", { query: "?service=other" })).body["users"]).toEqual([]);
  });
});
