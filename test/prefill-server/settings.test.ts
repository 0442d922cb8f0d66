import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { incidentsOf, openIncident } from "@/lib/store/prefill-incidents";
import { stopFilling } from "@/lib/store/prefill-settings";
import { openScope } from "@/lib/store/scopes";
import { repositoryRoot } from "@/lib/store/repository-root";
import { ask, serverRoom } from "../auth/support/server-room.ts";
import type { TestDatabase } from "../support/database.ts";

type Handler = (request: Request, context: unknown) => Promise<Response>;
const QUERY = "/api/v1/prefill/settings?service=shop&environment=production";

let room: TestDatabase;
let key: string;
let scopeId: number;
let handlers: { GET: Handler; PATCH: Handler };

beforeAll(async () => {
  room = await serverRoom();
  key = (await createApiKey({ name: "writer", scopes: ["read", "write"], createdBy: null }, room.db)).key;
  handlers = (await import(/* @vite-ignore */ join(repositoryRoot(), "app/api/v1/prefill/settings/route.ts"))) as never;
});
afterAll(() => room.drop());
beforeEach(async () => {
  await room.db.$executeRaw`TRUNCATE prefill_setting, prefill_incident, service CASCADE`;
  scopeId = (await openScope(room.db, { service: "shop", environment: "production" }, [])).scope.id;
});

async function call(method: "GET" | "PATCH", body?: unknown, path = QUERY) {
  const headers = { authorization: `Bearer ${key}` };
  const response = await handlers[method](ask(path, { method, headers, ...(body === undefined ? {} : { body }) }), {});
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("observing is the first mode, and everything has a default", async () => {
  const { status, body } = await call("GET");
  expect(status).toBe(200);
  expect(ANSWERS.PrefillSettings.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    mode: "observe",
    goal: "slo",
    targetUs: 500_000,
    budgetSecondsPerHour: null,
    withheldShare: 0.1,
    holdOutShare: 0.01,
    hitUs: null,
    changedBy: null,
  });
  expect(body).not.toHaveProperty("salt");
});

test("each setting changes for itself, and it is known who did it", async () => {
  const first = (await call("GET")).body;
  const { body } = await call("PATCH", { mode: "fill", budgetSecondsPerHour: 12.5, hitUs: 3_000 });
  expect(body).toMatchObject({ mode: "fill", budgetSecondsPerHour: 12.5, hitUs: 3_000, changedBy: "the key writer" });
  expect(body["modeSince"]).not.toBe(first["modeSince"]);
  const next = (await call("PATCH", { mode: "fill", targetUs: 250_000, budgetSecondsPerHour: null })).body;
  expect(next).toMatchObject({ mode: "fill", modeSince: body["modeSince"], targetUs: 250_000, hitUs: 3_000 });
  expect(next["budgetSecondsPerHour"]).toBeNull();
  expect((await call("GET")).body).toEqual(next);
});

test.each([
  [{ mode: "on" }, "mode"],
  [{ withheldShare: 0.04 }, "withheldShare"],
  [{ withheldShare: 0.51 }, "withheldShare"],
  [{ budgetSecondsPerHour: -1 }, "budgetSecondsPerHour"],
  [{ targetUs: 0 }, "targetUs"],
  [{ targetUs: 1.5 }, "targetUs"],
  [{ concurrency: 0 }, "concurrency"],
  [{ salt: "mine" }, "salt"],
  [[], ""],
])("refuses %j", async (changes, named) => {
  const { status, body } = await call("PATCH", changes);
  expect([status, body["code"]]).toEqual([400, "bad_request"]);
  expect(body["detail"]).toContain(named);
});

test("knows no service that has sent nothing", async () => {
  const path = QUERY.replace("shop", "nobody");
  expect((await call("GET", undefined, path)).status).toBe(404);
  expect((await call("PATCH", { mode: "fill" }, path)).status).toBe(404);
});

test("filling that was switched off by itself is switched on by a person only, which closes the incident", async () => {
  const nowMs = Date.parse("2026-11-22T10:00:00Z");
  await call("PATCH", { mode: "fill" });
  expect(await Promise.all([1, 2, 3].map(() => stopFilling(room.db, scopeId, nowMs)))).toEqual(
    expect.arrayContaining([true, false, false]),
  );
  await openIncident(room.db, scopeId, { kind: "harm", detail: { low: 0.1 }, nowMs });
  expect((await call("GET")).body).toMatchObject({ mode: "observe", changedBy: null });
  await call("PATCH", { budgetSecondsPerHour: 5 });
  expect((await incidentsOf(room.db, scopeId))[0]!.closedAtMs).toBeNull();
  await call("PATCH", { mode: "fill" });
  expect((await incidentsOf(room.db, scopeId))[0]).toMatchObject({ kind: "harm", closedAtMs: expect.any(Number) });
});
