import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTailfill } from "@/lib/sdk/src/index";
import { createPrefill } from "@/lib/sdk/src/prefill/index";
import { findScope } from "@/lib/store/scopes";
import { savePlan } from "@/lib/store/prefill-plans";
import type { PrefillPlan } from "@/lib/wire/index";
import { testServer, type TestServer } from "@/test/support/server";
import { until } from "@/test/support/until";
import { FakeDefinition } from "./support/fake-definition";
import { plannedDefinition, plannedUser } from "./support/plans";

let server: TestServer;
let keys: { ingest: string; write: string };
beforeAll(async () => {
  server = await testServer();
  keys = { ingest: await server.key("ingest"), write: await server.key("read", "write") };
});
afterAll(() => server?.stop());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function set(changes: object): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/prefill/settings?service=shop&environment=test`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${keys.write}`, "content-type": "application/json" },
    body: JSON.stringify(changes),
  });
  if (!response.ok) throw new Error(await response.text());
}

async function plan(): Promise<PrefillPlan> {
  const headers = { authorization: `Bearer ${keys.ingest}` };
  const response = await fetch(`${server.url}/api/v1/prefill/plan?service=shop&environment=test`, { headers });
  return (await response.json()) as PrefillPlan;
}

interface Row {
  arm: number;
  state: number | null;
  cache: number | null;
  signal: string;
}

const decided = () => server.db.$queryRaw<Row[]>`SELECT arm, state, cache, signal FROM prefill_decision ORDER BY id`;

it("with the real server: definitions are told, its plan is acted on, what happened is stored, and a stop acts in 2 s", async () => {
  const options = { url: server.url, apiKey: keys.ingest, service: "shop", environment: "test" };
  const client = createTailfill(options);
  cleanup.push(() => client.stop());
  const feed = new FakeDefinition();
  const early = createPrefill({ client, definitions: [feed] });
  cleanup.push(() => early.stop());

  const scope = await until("the definition is known", () => findScope(server.db, "shop", "test"));
  const known = await server.db.$queryRaw<object[]>`SELECT ttl_seconds AS ttl FROM prefill_definition`;
  expect(known).toEqual([{ ttl: 1_800 }]);

  const users = ["ada", "bob"].map((user) => plannedUser(user, { costUs: 1_000 }));
  const stored = { price: 0.1, budgetSecondsPerHour: 3_600, definitions: [plannedDefinition({ users })] };
  await savePlan(server.db, scope.id, { atMs: Date.now(), correction: 1, plan: stored, shown: {} });
  await set({ mode: "fill", withheldShare: 0.05, holdOutShare: 0 });
  // Before it fills, it asks every half minute only.
  await early.stop();
  await until("the server says so", async () => (await plan()).mode === "fill");
  const prefill = createPrefill({ client, definitions: [feed] });
  cleanup.push(() => prefill.stop());
  await until("filling is on", () => prefill.stats().mode === "fill" && prefill.stats().spent.level > 0.01);

  client.record("GET", "/", "ok", 1_000, "ada");
  await until("it is decided on", () => feed.marks.length === 1);
  prefill.signal("a stranger");
  await until("it is refused", () => prefill.stats().refused["price"] === 1);
  await prefill.flush();
  const [row] = await until("it is stored", async () => ((await decided()).length === 1 ? decided() : null));
  expect(row).toMatchObject({ signal: "session" });
  expect([0, 1]).toContain(row!.arm);
  expect(prefill.stats()).toMatchObject({
    events: { lost: 0, lastFailure: null },
    plan: { failures: 0, malformed: 0 },
  });

  const start = performance.now();
  await set({ mode: "stop" });
  await until("it has stopped", () => prefill.stats().mode === "stop");
  expect(performance.now() - start).toBeLessThan(2_000);
});
