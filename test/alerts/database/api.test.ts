import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { ALERT_ANSWERS } from "@/lib/query/alert-answer-schemas";
import { newIncident, writeIncidents } from "@/lib/store/alert-incidents";
import { insertReceiver } from "@/lib/store/alert-receivers";
import { ensurePartitions } from "@/lib/store/partitions";
import { repositoryRoot } from "@/lib/store/repository-root";
import { uuid7 } from "@/lib/store/uuid7";
import { ask, serverRoom } from "../../auth/support/server-room.ts";
import type { TestDatabase } from "../../support/database.ts";
import { forget, NOON, rounds, sendAll, SLOW_FEED } from "./support.ts";

type Handler = (request: Request, context: unknown) => Promise<Response>;

let room: TestDatabase;
let key: string;

beforeAll(async () => {
  room = await serverRoom();
  key = (await createApiKey({ name: "writer", scopes: ["read", "write"], createdBy: null }, room.db)).key;
});
afterAll(() => room.drop());
beforeEach(async () => {
  await forget(room.db);
  await room.db.alertReceiver.deleteMany();
  const receiver = { id: RECEIVER, name: "ops", kind: "webhook", shown: "…", sealed: "…" };
  await insertReceiver(room.db, receiver, { nowMs: NOON, by: null });
  await ensurePartitions(room.db, NOON);
});

const RECEIVER = "019a0000-0000-7000-8000-0000000000a1";
const SLOW = { ...SLOW_FEED, receivers: [RECEIVER] };

const ROUTES = [
  "rules/[id]/back-test",
  "rules.yaml",
  "rules/[id]",
  "rules",
  "back-test",
  "incidents/[id]/acknowledge",
  "incidents/[id]",
  "incidents",
  "silences/[id]",
  "silences",
  "maintenance/[id]",
  "maintenance",
];

/** Finds the route of an address as the web server would, and calls it. */
async function call(method: string, path: string, body?: unknown) {
  const [plain = ""] = path.split("?");
  const route = ROUTES.find((one) =>
    new RegExp(`^${one.replace(".", "\\.").replace("[id]", "([^/]+)")}$`).test(plain),
  )!;
  const id = new RegExp(`^${route.replace("[id]", "([^/]+)")}$`).exec(plain)?.[1];
  const handlers = (await import(
    /* @vite-ignore */ join(repositoryRoot(), `app/api/v1/alerts/${route}/route.ts`)
  )) as Record<string, Handler>;
  const isText = typeof body === "string";
  const headers = { authorization: `Bearer ${key}`, ...(isText ? { "content-type": "application/yaml" } : {}) };
  const request = ask(`/api/v1/alerts/${path}`, { method, headers, ...(isText || body === undefined ? {} : { body }) });
  const sent = isText ? new Request(request, { method, body }) : request;
  const response = await handlers[method]!(sent, { params: Promise.resolve({ id }) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : text) as Record<string, unknown> & { detail: string },
  };
}

const made = async (rule: object = {}): Promise<string> => {
  const { status, body } = await call("POST", "rules", { ...SLOW, ...rule });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body["id"] as string;
};

describe("rules", () => {
  test("the example of the contract makes a rule, told back with every default", async () => {
    const id = await made();
    const { status, body } = await call("GET", `rules/${id}`);
    expect(status).toBe(200);
    expect(ALERT_ANSWERS.AlertRule.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      id,
      rule: {
        ...SLOW,
        enabled: true,
        keepFiringSeconds: 300,
        noData: "resolve",
        groupWaitSeconds: 10,
        repeatSeconds: 14_400,
      },
      state: "waiting",
      health: "ok",
      source: "api",
      changedBy: "the key writer",
      series: [],
    });
  });

  test.each([
    { kind: "percentile", percentile: 99.9, thresholdUs: 1_000 },
    { kind: "error_rate", thresholdShare: 0.01 },
    { kind: "abort_rate", thresholdShare: 0.05, endpoint: undefined, endpoints: "GET /api/*" },
    { kind: "traffic", direction: "drop", changeShare: 0.5 },
    { kind: "silence", windowSeconds: 120 },
    { kind: "burn_rate", objective: 0.999 },
    { kind: "user", user: "u_42", thresholdUs: 1_000_000 },
    { kind: "prefill", about: "harm" },
    { kind: "stopped_queries", thresholdCount: 2, includeDryRuns: true, endpoint: { method: "GET", route: "/report" } },
  ])("a $kind rule with nothing but what it needs", async (own) => {
    const { body, status } = await call("POST", "rules", {
      name: "a rule",
      service: "shop",
      environment: "production",
      ...own,
    });
    expect([status, body.detail]).toEqual([201, undefined]);
    const told = (await call("GET", `rules/${body["id"] as string}`)).body;
    expect(told["rule"]).toMatchObject(JSON.parse(JSON.stringify(own)) as object);
  });

  test("every problem of a bad rule is told at once", async () => {
    const bad = {
      ...SLOW_FEED,
      name: "",
      percentile: 101,
      thresholdUs: 1.5,
      windowSeconds: 65,
      endpoints: "GET *",
      colour: 1,
    };
    const { status, body } = await call("POST", "rules", bad);
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
    for (const part of [
      "name:",
      "percentile:",
      "thresholdUs:",
      "windowSeconds: must be a multiple of 10",
      "endpoints: cannot",
      "colour",
      'receivers.0: there is no receiver "r1"',
    ])
      expect(body.detail).toContain(part);
  });

  test.each([
    [{ kind: "loud" }, "kind: must be one of percentile, error_rate"],
    [{ kind: "traffic", direction: "drop", changeShare: 2 }, "changeShare: must be at most 1 for a drop"],
    [{ kind: "burn_rate", objective: 1 }, "objective"],
    [
      {
        kind: "burn_rate",
        objective: 0.99,
        pairs: [{ factor: 2, longSeconds: 300, shortSeconds: 300, severity: "page" }],
      },
      "pairs.0.shortSeconds: must be less than `longSeconds`",
    ],
    [{ kind: "user", thresholdUs: 1, windowSeconds: 90 }, "windowSeconds: must be a multiple of 60"],
    [[], ""],
    [null, ""],
  ])("refuses %j", async (input, named) => {
    const rule =
      Array.isArray(input) || input === null ? input : { name: "x", service: "s", environment: "e", ...input };
    const { status, body } = await call("POST", "rules", rule);
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
    expect(body.detail).toContain(named);
  });

  test("a name is taken once; a rule changes field by field; its kind stays", async () => {
    const id = await made();
    expect((await call("POST", "rules", SLOW)).status).toBe(409);
    const other = await made({ name: "another" });
    expect((await call("PATCH", `rules/${other}`, { name: SLOW_FEED.name })).status).toBe(409);
    const { body } = await call("PATCH", `rules/${id}`, { thresholdUs: 250_000, endpoint: null, group: "shop" });
    expect(body["rule"]).toMatchObject({ thresholdUs: 250_000, percentile: 99, group: "shop" });
    expect(body["rule"]).not.toHaveProperty("endpoint");
    expect((await call("PATCH", `rules/${id}`, { kind: "silence" })).body.detail).toContain("kind: stays percentile");
    expect((await call("PATCH", `rules/${id}`, { thresholdUs: null })).body.detail).toContain(
      "thresholdUs: is missing",
    );
    expect((await call("PATCH", `rules/${id}`, { enabled: false })).body["state"]).toBe("off");
  });

  test("a rule is removed, and then it is not there", async () => {
    const id = await made();
    expect((await call("DELETE", `rules/${id}`)).status).toBe(204);
    for (const method of ["GET", "PATCH", "DELETE"])
      expect((await call(method, `rules/${id}`, method === "PATCH" ? {} : undefined)).status).toBe(404);
    expect((await call("GET", "rules/nonsense")).status).toBe(404);
    expect((await call("GET", "rules")).body).toEqual({ rules: [] });
  });
});

describe("incidents", () => {
  const fire = async () => {
    await made();
    await sendAll(room.db, NOON - 300_000, NOON, { us: 900_000 });
    await rounds(room.db, NOON + 12_000, NOON + 32_000);
    const { body } = await call("GET", "incidents?state=open");
    expect(ALERT_ANSWERS.AlertIncidents.parse(body)).toEqual(body);
    return (body["incidents"] as { id: string }[])[0]!.id;
  };

  test("are listed, and each tells its members, its timeline and what was told", async () => {
    const id = await fire();
    const { body } = await call("GET", `incidents/${id}`);
    expect(ALERT_ANSWERS.AlertIncident.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      state: "firing",
      rule: "the feed is slow",
      severity: "page",
      counts: { firing: 1, muted: 0, resolved: 0 },
      members: [{ endpoint: { method: "GET", route: "/feed" }, reason: null, observed: { thresholdUs: 500_000 } }],
      timeline: [{ kind: "fired" }, { kind: "told", detail: { type: "incident.opened" } }],
      events: [{ type: "incident.opened", receivers: [RECEIVER] }],
    });
    expect((await call("GET", "incidents?state=resolved")).body["incidents"]).toEqual([]);
    expect((await call("GET", "incidents?service=other")).body["incidents"]).toEqual([]);
  });

  test("are listed page by page, the latest first", async () => {
    const made = [0, 1, 2].map((minute) =>
      newIncident({
        id: uuid7(NOON + minute * 60_000),
        groupKey: `g${minute}`,
        ruleId: crypto.randomUUID(),
        ruleName: `r${minute}`,
        severity: "page",
        service: "shop",
        environment: "production",
        openedAtMs: NOON + minute * 60_000,
        waitSeconds: 10,
        intervalSeconds: 300,
        repeatSeconds: 14_400,
      }),
    );
    await writeIncidents(room.db, made);
    const first = (await call("GET", "incidents?limit=2")).body as unknown as {
      incidents: { rule: string }[];
      next: string;
    };
    expect(first.incidents.map(({ rule }) => rule)).toEqual(["r2", "r1"]);
    const second = (await call("GET", `incidents?limit=2&before=${first.next}`)).body as unknown as typeof first;
    expect([second.incidents.map(({ rule }) => rule), second.next]).toEqual([["r0"], null]);
  });

  test("are acknowledged once, by whoever is first, and repeated no more", async () => {
    const id = await fire();
    const { body } = await call("POST", `incidents/${id}/acknowledge`);
    expect(body).toMatchObject({ state: "acknowledged", acknowledgedBy: "the key writer" });
    const again = await call("POST", `incidents/${id}/acknowledge`);
    expect([again.status, (again.body["events"] as unknown[]).length]).toEqual([200, 2]);
    const events = await room.db.alertEvent.findMany({ orderBy: { id: "asc" } });
    const acknowledged = events.find(({ type }) => type === "incident.acknowledged")!;
    expect(acknowledged).toMatchObject({
      receivers: [RECEIVER],
      payload: { data: { incident: { state: "acknowledged", acknowledgedBy: "the key writer" } } },
    });
    await sendAll(room.db, NOON, NOON + 5 * 3_600_000, { us: 900_000 });
    await rounds(room.db, NOON + 5 * 3_600_000 - 10_000, NOON + 5 * 3_600_000);
    expect((await room.db.alertEvent.findMany()).map(({ type }) => type).sort()).toEqual([
      "incident.acknowledged",
      "incident.opened",
    ]);
  });

  test("cannot be acknowledged when they are over, or not there", async () => {
    const id = await fire();
    await room.db.alertIncident.update({ where: { id }, data: { resolvedAt: new Date(NOON) } });
    expect((await call("POST", `incidents/${id}/acknowledge`)).status).toBe(400);
    expect((await call("POST", `incidents/${crypto.randomUUID()}/acknowledge`)).status).toBe(404);
    expect((await call("GET", "incidents/1")).status).toBe(404);
  });
});

describe("silences and maintenance", () => {
  const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

  test("a silence is made, changed, ended and removed", async () => {
    const { status, body } = await call("POST", "silences", {
      matcher: { endpoint: "GET /feed*" },
      reason: "a release",
      to: hour(2),
    });
    expect(status).toBe(201);
    const [listed] = (await call("GET", "silences")).body["silences"] as object[];
    expect(ALERT_ANSWERS.AlertSilence.parse(listed)).toEqual(listed);
    expect(listed).toMatchObject({ state: "on", reason: "a release", createdBy: "the key writer" });
    const path = `silences/${body["id"] as string}`;
    expect((await call("PATCH", path, { from: hour(1) })).body["state"]).toBe("waiting");
    expect((await call("PATCH", path, { from: hour(-2), to: hour(-1) })).body["state"]).toBe("over");
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("DELETE", path)).status).toBe(404);
  });

  test.each([
    [{ matcher: {}, reason: "x", to: "2999-01-01T00:00:00Z" }, "matcher: must hold at least one pattern"],
    [{ matcher: { route: "*" }, reason: "x", to: "2999-01-01T00:00:00Z" }, "route"],
    [{ matcher: { rule: "*" }, reason: "", to: "2999-01-01T00:00:00Z" }, "reason: must not be empty"],
    [{ matcher: { rule: "*" }, reason: "x", to: "2999-01-01T00:00:00Z" }, "to: must be at most 90 days after"],
    [{ matcher: { rule: "*" }, reason: "x", to: "2020-01-01T00:00:00Z" }, "to: must be at least a minute after"],
    [{ matcher: { rule: "*" }, reason: "x", to: "tomorrow" }, "to: must be a time"],
  ])("refuses the silence %j", async (silence, problem) => {
    const { status, body } = await call("POST", "silences", silence);
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
    expect(body.detail).toContain(problem);
  });

  test("maintenance is made, changed and removed; names are taken once", async () => {
    const window = {
      name: "sunday night",
      matcher: { service: "shop" },
      from: hour(-1),
      to: hour(1),
      repeats: "weekly",
    };
    const { status, body } = await call("POST", "maintenance", window);
    expect(status).toBe(201);
    expect((await call("POST", "maintenance", window)).status).toBe(409);
    const [listed] = (await call("GET", "maintenance")).body["maintenance"] as object[];
    expect(ALERT_ANSWERS.AlertMaintenance.parse(listed)).toEqual(listed);
    expect(listed).toMatchObject({ isOn: true, repeats: "weekly", until: null });
    const path = `maintenance/${body["id"] as string}`;
    expect((await call("PATCH", path, { from: hour(1), to: hour(2) })).body).toMatchObject({
      isOn: false,
      name: "sunday night",
    });
    expect((await call("PATCH", path, { repeats: "daily", to: hour(40) })).body.detail).toContain("at most 1 days");
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("PATCH", path, {})).status).toBe(404);
  });
});

describe("the rules file", () => {
  const FILE = `version: 1
rules:
  - name: the feed is slow
    kind: percentile
    service: shop
    environment: production
    endpoint: { method: GET, route: /feed }
    percentile: 99
    thresholdUs: 500000
  - name: errors
    kind: error_rate
    service: shop
    environment: production
    thresholdShare: 0.02
`;
  const put = (file: string) => call("PUT", "rules.yaml", file);

  test("is imported, a second time without any change, and exported as it was", async () => {
    const first = await put(FILE);
    expect([first.status, first.body]).toEqual([
      200,
      { created: ["the feed is slow", "errors"], changed: [], removed: [], unchanged: 0 },
    ]);
    const before = await room.db.alertRule.findMany();
    expect((await put(FILE)).body).toEqual({ created: [], changed: [], removed: [], unchanged: 2 });
    expect(await room.db.alertRule.findMany()).toEqual(before);
    const file = (await call("GET", "rules.yaml")).body as unknown as string;
    expect(file).toContain("thresholdShare: 0.02");
    expect(file).not.toContain("keepFiringSeconds");
    expect((await put(file)).body).toMatchObject({ created: [], changed: [], removed: [], unchanged: 2 });
  });

  test("removes what an earlier import had made, and leaves what people made", async () => {
    await made({ name: "by hand" });
    await put(FILE);
    const { body } = await put(FILE.slice(0, FILE.indexOf("  - name: errors")).replace("500000", "250000"));
    expect(body).toEqual({ created: [], changed: ["the feed is slow"], removed: ["errors"], unchanged: 0 });
    const rules = await room.db.alertRule.findMany({ orderBy: { name: "asc" } });
    expect(rules.map(({ name, source, version }) => [name, source, version])).toEqual([
      ["by hand", "api", 1],
      ["the feed is slow", "file", 2],
    ]);
  });

  test("names receivers by their names, so that it fits another server that has such", async () => {
    const id = uuid7(NOON);
    await insertReceiver(
      room.db,
      { id, name: "ops, nights", kind: "webhook", shown: "https://x/…", sealed: "" },
      { nowMs: NOON, by: null },
    );
    const named = FILE.replace("percentile: 99", 'percentile: 99\n    receivers: ["ops, nights"]');
    expect((await put(named)).status).toBe(200);
    expect((await room.db.alertRule.findFirst({ where: { name: "the feed is slow" } }))?.receivers).toEqual([id]);
    const file = (await call("GET", "rules.yaml")).body as unknown as string;
    expect(file).toContain("ops, nights");
    expect(file).not.toContain(id);
    expect((await put(file)).body).toMatchObject({ changed: [], unchanged: 2 });
    expect((await put(named.replace("nights", "days"))).body.detail).toContain('there is no receiver "ops, days"');
  });

  test("tells what it would do, and does nothing of it, when it is only tried", async () => {
    await put(FILE);
    const before = await room.db.alertRule.findMany();
    const other = FILE.slice(0, FILE.indexOf("  - name: errors")).replace("the feed is slow", "another");
    const { status, body } = await call("PUT", "rules.yaml?dryRun=true", other);
    expect([status, body]).toEqual([
      200,
      { created: ["another"], changed: [], removed: ["errors", "the feed is slow"], unchanged: 0 },
    ]);
    expect(await room.db.alertRule.findMany()).toEqual(before);
    expect((await call("PUT", "rules.yaml?dryRun=perhaps", other)).status).toBe(400);
  });

  test("takes over a rule of the same name", async () => {
    await made();
    expect((await put(FILE)).body).toMatchObject({ created: ["errors"], changed: ["the feed is slow"] });
    expect((await put(FILE)).body).toMatchObject({ unchanged: 2 });
  });

  test("is refused as a whole, with every problem of every rule", async () => {
    const { status, body } = await put(FILE.replace("percentile: 99", "percentile: 0").replace("0.02", "2"));
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
    expect(body.detail).toContain("rules.0.percentile:");
    expect(body.detail).toContain("rules.1.thresholdShare:");
    expect(await room.db.alertRule.count()).toBe(0);
  });

  test.each([
    ["version: 2\nrules: []", "version: must be 1"],
    ["version: 1", "rules: must be a list"],
    ["version: 1\nrules: []\nextra: 1", "extra: is not known"],
    ["- 1", "must hold `version` and `rules`"],
    ["a: [", "is not YAML"],
    ["version: 1\nversion: 1\nrules: []", "is not YAML"],
    [`${FILE}${FILE.slice(FILE.indexOf("  - name"))}`, "rules.2.name: is taken by another rule"],
    ["a: &a [x]\nversion: 1\nrules: [*a, *a]", "is not YAML"],
  ])("refuses %j", async (file, problem) => {
    const { status, body } = await put(file);
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
    expect(body.detail).toContain(problem);
  });
});
