import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { ALERT_ANSWERS } from "@/lib/query/alert-answer-schemas";
import { writeMembers } from "@/lib/store/alert-members";
import { repositoryRoot } from "@/lib/store/repository-root";
import { ask, serverRoom } from "../../../auth/support/server-room.ts";
import { FakeClock } from "../../../support/clock.ts";
import type { TestDatabase } from "../../../support/database.ts";
import { Deliverer } from "@/lib/alerts/delivery/deliverer";
import { outside } from "@/lib/alerts/delivery/deliveries";
import { forget, makeEvent, Receiving } from "./support.ts";

type Handler = (request: Request, context: unknown) => Promise<Response>;

let room: TestDatabase;
let key: string;
let receiving: Receiving;

beforeAll(async () => {
  process.env["TAILFILL_WEBHOOK_ALLOW"] = "127.0.0.0/8";
  room = await serverRoom();
  receiving = await new Receiving().listen();
  key = (await createApiKey({ name: "writer", scopes: ["read", "write"], createdBy: null }, room.db)).key;
});
afterAll(async () => {
  receiving.close();
  await room.drop();
});
beforeEach(async () => {
  receiving.reset();
  await forget(room.db);
});

type Body = Record<string, unknown> & { secret: string; deliveries: { id: string }[] };

/** Calls a route as the web server would: ids stand where `[id]` is. */
async function call(method: string, path: string, body?: unknown) {
  const [plain = ""] = path.split("?");
  const [kind, id, action] = plain.split("/");
  const folder = [kind, ...(id === undefined ? [] : ["[id]"]), ...(action === undefined ? [] : [action])].join("/");
  const file = join(repositoryRoot(), `app/api/v1/alerts/${folder}/route.ts`);
  const handlers = (await import(/* @vite-ignore */ file)) as Record<string, Handler>;
  const headers = { authorization: `Bearer ${key}` };
  const request = ask(`/api/v1/alerts/${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const response = await handlers[method]!(request, { params: Promise.resolve({ id }) });
  const text = await response.text();
  return { status: response.status, text, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

async function made(changes: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await call("POST", "receivers", {
    name: "ops",
    kind: "webhook",
    url: receiving.url("/hook?token=sesame"),
    ...changes,
  });
  expect([status, body["detail"]]).toEqual([201, undefined]);
  return body as unknown as { id: string; secret: string };
}

describe("receivers", () => {
  test("a webhook is made with a secret that is told once, and an address without its path", async () => {
    const { id, secret } = await made();
    expect(secret).toMatch(/^whsec_/);
    const one = await call("GET", `receivers/${id}`);
    expect(ALERT_ANSWERS.AlertReceiver.parse(one.body)).toMatchObject({
      id,
      name: "ops",
      enabled: true,
      offReason: null,
    });
    const list = await call("GET", "receivers");
    expect(ALERT_ANSWERS.AlertReceivers.parse(list.body).receivers).toEqual([one.body]);
    for (const { text } of [one, list]) expect(text).not.toMatch(/whsec|sesame|sealed/);
    const [row] = await room.db.$queryRaw<object[]>`SELECT * FROM alert_receiver`;
    expect(JSON.stringify(row)).not.toMatch(/whsec|sesame/);
  });

  test.each([
    ["slack", { url: "https://hooks.slack.com/services/T/B/x" }],
    ["discord", { url: "https://discord.com/api/webhooks/1/x" }],
    ["teams", { url: "https://example.webhook.office.com/x" }],
    ["pagerduty", { url: undefined, routingKey: "a".repeat(32) }],
  ])("%s has no secret", async (kind, changes) => {
    expect(Object.keys(await made({ kind, ...changes }))).toEqual(["id"]);
  });

  test.each([
    [{ kind: "pigeon" }, /kind/],
    [{ kind: "email" }, /url: the kind email has none/],
    [{ kind: "email", url: undefined }, /to: is needed/],
    [{ kind: "email", url: undefined, to: ["nobody"] }, /to/],
    [{ kind: "email", url: undefined, to: ["a@example.com"] }, /TAILFILL_SMTP_URL/],
    [{ to: ["a@example.com"] }, /to: only the kind email/],
    [{ routingKey: "a".repeat(32) }, /routingKey: only the kind pagerduty/],
    [{ url: undefined }, /url: is needed/],
    [{ url: "ftp://example.com" }, /https:\/\//],
    [{ url: "https://a:b@example.com" }, /user name or password/],
    [{ url: "https://example.com:6379" }, /port 6379/],
    [{ kind: "pagerduty", url: undefined }, /routingKey/],
    [{ name: "" }, /name/],
    [{ secret: "whsec_mine" }, /secret/],
  ])("%j is refused", async (changes, words) => {
    const url = "https://example.com/hook";
    const { status, body } = await call("POST", "receivers", { name: "ops", kind: "webhook", url, ...changes });
    expect(status).toBe(400);
    expect(body["detail"]).toMatch(words);
  });

  test("a name is taken once", async () => {
    const { id } = await made();
    const twice = await call("POST", "receivers", { name: "ops", kind: "webhook", url: "https://example.com" });
    expect([twice.status, twice.body["code"]]).toEqual([409, "already_exists"]);
    const other = await made({ name: "other" });
    expect((await call("PATCH", `receivers/${other.id}`, { name: "ops" })).status).toBe(409);
    expect((await call("DELETE", `receivers/${id}`)).status).toBe(204);
    expect((await call("GET", `receivers/${id}`)).status).toBe(404);
    expect((await call("GET", "receivers/nobody")).status).toBe(404);
  });

  test("another address keeps the secret", async () => {
    const { id, secret } = await made();
    const { body } = await call("PATCH", `receivers/${id}`, { url: receiving.url("/new"), name: "new" });
    expect(ALERT_ANSWERS.AlertReceiver.parse(body)).toMatchObject({ name: "new" });
    await call("POST", `receivers/${id}/test`);
    expect(receiving.arrived[0]).toMatchObject({ path: "/new" });
    verify(secret);
  });

  test("a secret is replaced: for a day both sign", async () => {
    const before = await made();
    const { body, status } = await call("POST", `receivers/${before.id}/rotate-secret`);
    expect([status, body.secret === before.secret]).toEqual([200, false]);
    await call("POST", `receivers/${before.id}/test`);
    verify(before.secret);
    verify(body.secret);
    const slack = await made({ name: "slack", kind: "slack" });
    expect((await call("POST", `receivers/${slack.id}/rotate-secret`)).status).toBe(400);
  });
});

const verify = (secret: string, { headers, body } = receiving.arrived[0]!) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe("a test", () => {
  test("tells the status, nothing of the answer, and is in the list", async () => {
    const { id } = await made();
    receiving.respond = (_, response) => response.writeHead(202).end("inner secrets");
    const { body, text } = await call("POST", `receivers/${id}/test`);
    expect(ALERT_ANSWERS.AlertTest.parse(body)).toMatchObject({ state: "delivered", status: 202, error: null });
    const list = await call("GET", "deliveries");
    expect(list.body).toMatchObject({ deliveries: [{ type: "test", state: "delivered", attempts: 1 }], next: null });
    expect(text + list.text).not.toContain("inner secrets");
    expect(JSON.parse(receiving.arrived[0]!.body)).toMatchObject({ type: "test", data: { note: expect.any(String) } });
  });

  test.each([
    ["http://10.0.0.1/hook", /TAILFILL_WEBHOOK_ALLOW/],
    ["http://169.254.169.254/latest/meta-data", /TAILFILL_WEBHOOK_ALLOW/],
  ])("of %s sends nothing", async (url, words) => {
    const { id } = await made({ url });
    const { body } = await call("POST", `receivers/${id}/test`);
    expect(body).toMatchObject({ state: "failed", status: null, error: expect.stringMatching(words) as string });
  });
});

describe("deliveries", () => {
  /** Makes an event for a receiver, and runs the job. */
  async function told(id: string): Promise<void> {
    await makeEvent(room.db, [id], Date.now());
    const deliverer = new Deliverer(room.db, outside());
    await deliverer.round();
    await deliverer.settled();
  }

  test("are listed by receiver and state, page by page", async () => {
    const [one, other] = [await made(), await made({ name: "other" })];
    for (const { id } of [one, other, one]) await told(id);
    const list = await call("GET", `deliveries?receiver=${one.id}&limit=1`);
    const page = ALERT_ANSWERS.AlertDeliveries.parse(list.body);
    expect(page.deliveries).toMatchObject([{ state: "delivered", receiver: { name: "ops" }, log: [{ status: 200 }] }]);
    const next = await call("GET", `deliveries?receiver=${one.id}&limit=1&before=${page.next}`);
    expect(next.body).toMatchObject({ deliveries: [{ receiver: { id: one.id } }], next: null });
    expect((await call("GET", "deliveries?state=waiting")).body).toEqual({ deliveries: [], next: null });
    expect((await call("GET", "deliveries?receiver=me")).status).toBe(400);
  });

  test("are listed by the incident that they tell of, and by the rules that fired in it", async () => {
    const { id } = await made();
    await told(id);
    await call("POST", `receivers/${id}/test`);
    const incident = "019a0000-0000-7000-8000-000000000001"; // told.ts
    const rule = crypto.randomUUID();
    const fired = { incidentId: incident, ruleId: rule, series: "service", about: {}, observed: null, firedAtMs: 0 };
    await writeMembers(room.db, [{ ...fired, resolvedAtMs: null, reason: null, mutedBy: null, recovering: false }]);
    const listed = async (query: string) => {
      const { body } = await call("GET", `deliveries?${query}`);
      return ALERT_ANSWERS.AlertDeliveries.parse(body).deliveries.map(({ type }) => type);
    };
    expect(await listed("")).toEqual(["test", "incident.opened"]);
    expect(await listed(`incident=${incident}`)).toEqual(["incident.opened"]);
    expect(await listed(`rule=${rule}&state=delivered&receiver=${id}`)).toEqual(["incident.opened"]);
    expect(await listed(`rule=${crypto.randomUUID()}`)).toEqual([]);
    expect(await listed(`incident=${rule}`)).toEqual([]);
    expect((await call("GET", "deliveries?rule=slow")).status).toBe(400);
  });

  test("tell what was sent and where, without what is secret in it", async () => {
    const { id } = await made();
    await told(id);
    const { body, text } = await call("GET", "deliveries");
    const [one] = ALERT_ANSWERS.AlertDeliveries.parse(body).deliveries;
    expect(one).toMatchObject({
      incident: { rule: "count is slow" },
      request: { method: "POST", headers: { "webhook-id": one!.webhookId } },
      log: [{ address: receiving.url("/…"), answer: "thanks" }],
    });
    expect(one!.request!.body).toBe(receiving.arrived[0]!.body);
    expect(text).not.toMatch(/sesame|signature|whsec/);
  });

  test("are sent again under the same id", async () => {
    const { id } = await made();
    await told(id);
    const { body } = await call("GET", "deliveries");
    const delivery = body.deliveries[0]!.id;
    const again = await call("POST", `deliveries/${delivery}/resend`);
    expect(ALERT_ANSWERS.AlertDelivery.parse(again.body)).toMatchObject({ state: "waiting", attempts: 0 });
    const deliverer = new Deliverer(room.db, outside(new FakeClock(Date.now() + 1).now));
    await deliverer.round();
    await deliverer.settled();
    expect(new Set(receiving.ids()).size).toBe(1);
    expect(receiving.arrived).toHaveLength(2);
    expect((await call("POST", "deliveries/nothing/resend")).status).toBe(404);
  });

  test("of a test are not: the receiver is tested again", async () => {
    const { id } = await made();
    await call("POST", `receivers/${id}/test`);
    const test = (await call("GET", "deliveries")).body.deliveries[0]!.id;
    const refused = await call("POST", `deliveries/${test}/resend`);
    expect([refused.status, refused.body["detail"]]).toEqual([400, expect.stringContaining("testing its receiver")]);
  });

  test("to a receiver that is off are not; switched on, they are", async () => {
    const { id } = await made();
    await told(id);
    const delivery = (await call("GET", "deliveries")).body.deliveries[0]!.id;
    await call("PATCH", `receivers/${id}`, { enabled: false });
    const refused = await call("POST", `deliveries/${delivery}/resend`);
    expect([refused.status, refused.body["detail"]]).toEqual([400, expect.stringContaining("switch it on")]);
    await call("PATCH", `receivers/${id}`, { enabled: true });
    expect((await call("POST", `deliveries/${delivery}/resend`)).status).toBe(200);
  });
});
