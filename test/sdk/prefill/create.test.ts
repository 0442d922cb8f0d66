import express from "express";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { defineCached } from "@/lib/sdk/src/cache/index";
import { definitionHub } from "@/lib/sdk/src/cache/definition-hub";
import { createTailfill } from "@/lib/sdk/src/index";
import { createPrefill, inProcessQueue } from "@/lib/sdk/src/prefill/index";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { FakeDefinition } from "./support/fake-definition";
import { PlanServer } from "./support/plan-server";
import { plannedDefinition, plannedUser, planOf } from "./support/plans";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
  definitionHub().definitions.clear();
});

const users = [plannedUser("ada", { costUs: 1_000 }), plannedUser("7", { costUs: 1_000 })];

async function clientOf(changes: { onError?: (error: unknown) => void } = {}) {
  const server = await PlanServer.start(planOf({ definitions: [plannedDefinition({ users })] }));
  const client = createTailfill({
    url: server.url,
    apiKey: "tf_test",
    service: "shop",
    environment: "test",
    user: (req) => req.get("x-user"),
    onError: (error) => {
      throw error;
    },
    ...changes,
  });
  cleanup.push(() => server.stop());
  cleanup.push(() => client.stop());
  return { server, client };
}

describe("in an Express app with defineCached", () => {
  it("fills between the first request of a session and the slow one, and tells of the visit", async () => {
    const { server, client } = await clientOf();
    const loads: string[] = [];
    const load = (user: string, { reason }: { reason: string }) => {
      loads.push(`${reason} ${user}`);
      return `feed of ${user}`;
    };
    const feed = defineCached({ name: "feed", ttl: "30m", load });
    const prefill = createPrefill({ client });
    cleanup.push(() => prefill.stop());
    const app = express();
    app.use(tailfill(client));
    app.get("/", (_req, res) => void res.end("home"));
    app.get("/feed", async (req, res) => void res.end(await feed.get(req.get("x-user")!)));
    const http = app.listen(0, "127.0.0.1");
    await once(http, "listening");
    cleanup.push(() => new Promise((resolve) => http.close(resolve)));
    const { port } = http.address() as AddressInfo;
    const get = (path: string) => ask(port, { path, headers: { "x-user": "ada" } });

    await until("there is a plan", () => prefill.stats().mode === "fill" && prefill.stats().spent.level > 0.01);
    await get("/");
    await until("it is filled", () => prefill.stats().fills.filled === 1);
    expect((await get("/feed")).body).toBe("feed of ada");
    await until("the visit is told", () => prefill.stats().visits === 1);
    await prefill.flush();
    expect(loads).toEqual(["fill ada"]);
    const [decision] = server.of("decision");
    expect(decision).toMatchObject({ definition: "feed", user: "ada", signal: "session", arm: "fill" });
    expect(server.of("fill")).toMatchObject([{ id: decision!.id, state: "filled", bytes: 13 }]);
    expect(server.of("visit")).toMatchObject([{ id: decision!.id, cache: "hit" }]);
    expect(server.of("visit")[0]!.latencyUs).toBeGreaterThan(100);
    expect(server.asks[0]!.query.get("instance")).toMatch(/:/);
    expect(prefill.stats()).toMatchObject({
      plan: { definitions: 1, users: 2, unknownDefinitions: 0, malformed: 0, lastFailure: null },
      signals: { session: 1, route: 0, named: 0, lost: 0 },
      decisions: { fill: 1, withheld: 0, held_out: 0, observe: 0 },
      fills: { filled: 1, failed: 0 },
      events: { waiting: 0, lost: 0, lastFailure: null },
    });
  });

  it("counts what the plan names and this process does not have", async () => {
    const { client } = await clientOf();
    const prefill = createPrefill({ client });
    cleanup.push(() => prefill.stop());
    await until("there is a plan", () => prefill.stats().mode === "fill");
    expect(prefill.stats().plan).toMatchObject({ definitions: 1, unknownDefinitions: 1 });
    defineCached({ name: "feed", ttl: 60, load: () => 1 });
    await until("it is found", () => prefill.stats().plan.unknownDefinitions === 0);
  });
});

describe("createPrefill", () => {
  it("takes what the app says: pushes and mails, and ids that are numbers", async () => {
    const { client } = await clientOf();
    const feed = new FakeDefinition();
    const prefill = createPrefill({ client, definitions: [feed] });
    cleanup.push(() => prefill.stop());
    await until("there is a plan", () => prefill.stats().spent.level > 0.01);
    prefill.signal(7, "push");
    for (const nobody of [undefined, null, ""]) prefill.signal(nobody);
    await until("it is filled", () => feed.fills.length === 1);
    expect(feed.fills[0]!.user).toBe("7");
    expect(prefill.stats().signals.named).toBe(1);
  });

  it("gives the first one again for the same client, with or without naming it", async () => {
    const { client } = await clientOf();
    const prefill = createPrefill({ client });
    cleanup.push(() => prefill.stop());
    expect(createPrefill({ client, queue: inProcessQueue() })).toBe(prefill);
    expect(createPrefill()).toBe(prefill);
    await prefill.stop();
    const next = createPrefill({ client });
    cleanup.push(() => next.stop());
    expect(next).not.toBe(prefill);
  });

  it("does nothing with a client that does nothing, or after its stop", async () => {
    const idle = createPrefill({ client: createTailfill() });
    expect(idle.enabled).toBe(false);
    idle.signal("ada");
    expect(idle.stats().mode).toBe(null);
    await Promise.all([idle.flush(), idle.stop()]);

    const { client } = await clientOf();
    const feed = new FakeDefinition();
    const prefill = createPrefill({ client, definitions: [feed] });
    await until("there is a plan", () => prefill.stats().spent.level > 0.01);
    await prefill.stop();
    prefill.signal("ada");
    client.record("GET", "/", "ok", 1, "ada");
    expect(prefill.stats()).toMatchObject({ mode: "stop", signals: { session: 0, named: 0 } });
  });

  it("lets nothing that goes wrong inside get into the app", async () => {
    const errors: string[] = [];
    const { client } = await clientOf({ onError: (error) => errors.push(String(error)) });
    const feed = new FakeDefinition();
    feed.isCold = () => Promise.reject(new Error("the store"));
    const prefill = createPrefill({ client, definitions: [feed] });
    cleanup.push(() => prefill.stop());
    await until("there is a plan", () => prefill.stats().spent.level > 0.01);
    prefill.signal("ada");
    await until("it is told", () => errors.length === 1);
    feed.isCold = () => Promise.resolve(true);
    feed.mark = () => Promise.reject(new Error("the mark"));
    feed.fill = () => {
      throw new Error("the fill");
    };
    prefill.signal("7");
    await until("it is told", () => prefill.stats().fills.failed === 1);
    expect(errors.toSorted()).toEqual(["Error: the fill", "Error: the mark", "Error: the store"]);
    prefill.signal({ toString: () => { throw new Error("an id"); } } as never); // prettier-ignore
    expect(errors).toContain("Error: an id");
  });

  it("does nothing when the pseudonym key is none", async () => {
    const errors: string[] = [];
    const { server } = await clientOf();
    const other = createTailfill({
      url: server.url,
      apiKey: "tf_test",
      service: "other",
      pseudonymKey: "a passphrase",
      onError: (error) => errors.push(String(error)),
    });
    cleanup.push(() => other.stop());
    expect(createPrefill({ client: other }).enabled).toBe(false);
    expect(errors.join()).toMatch(/pseudonymKey/);
  });
});
