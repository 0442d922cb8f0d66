import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/v1/ingest/route";
import { createApiKey, revokeApiKey, type Scope } from "@/lib/auth/api-keys";
import { flushRefusals } from "@/lib/ingest/ingest";
import { openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { serverRoom } from "../auth/support/server-room.ts";
import type { TestDatabase } from "../support/database.ts";
import { jsonBatch, requestOf } from "../support/ingest.ts";

let room: TestDatabase;
let ingestKey: string;

beforeAll(async () => {
  room = await serverRoom();
  await ensurePartitions(room.db, Date.now());
  ingestKey = (await keyWith(["ingest"])).key;
});
afterAll(async () => {
  await flushRefusals();
  await room.drop();
});
beforeEach(async () => {
  await flushRefusals();
  await room.db.refusal.deleteMany();
});

const keyWith = (scopes: Scope[]) => createApiKey({ name: "test", scopes, createdBy: null }, room.db);
const now = () => ({ window: { start: new Date().toISOString(), seconds: 10 } });
const post = (key: string | null, batch: unknown = jsonBatch(now())) =>
  POST(requestOf(JSON.stringify(batch), key === null ? {} : { authorization: `Bearer ${key}` }), undefined);

test("a batch with a key is answered 200, when it is in the database, and no cache keeps the answer", async () => {
  const batch = jsonBatch(now());
  const response = await post(ingestKey, batch);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(await response.json()).toEqual({ accepted: 2, rejected: [], duplicate: false });
  expect(await room.db.batch.count({ where: { id: batch.batch } })).toBe(1);
});

test("without a key, with a wrong, a revoked, or one for reading only: 401 and 403, and nothing is stored", async () => {
  const before = await room.db.batch.count();
  const revoked = await keyWith(["ingest"]);
  await revokeApiKey(revoked.row.id, room.db);
  const reading = await keyWith(["read", "write"]);
  const statuses = [];
  for (const key of [null, "tf_wrong", revoked.key, reading.key]) statuses.push((await post(key)).status);
  expect(statuses).toEqual([401, 401, 401, 403]);
  expect(await room.db.batch.count()).toBe(before);
});

test("an error is told as a problem with a stable code, and counted by minute and code", async () => {
  const response = await post(ingestKey, { v: 1 });
  expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  expect(await response.json()).toMatchObject({ status: 400, code: "not_a_batch" });
  await post(ingestKey, { v: 1 });
  await post(null);
  await flushRefusals();
  const refusals = await room.db.refusal.findMany({ orderBy: { code: "asc" } });
  const counts = new Map<string, number>();
  for (const { code, count } of refusals) counts.set(code, (counts.get(code) ?? 0) + Number(count));
  expect([...counts]).toEqual([
    ["not_a_batch", 2],
    ["unauthenticated", 1],
  ]);
});

test("while the database is down: 503 with Retry-After; the refusal is counted when it is back", async () => {
  const shared = globalThis as { tailfillDb?: unknown };
  const well = shared.tailfillDb;
  const down = openDb("postgresql://postgres@127.0.0.1:1/none");
  shared.tailfillDb = down;
  const response = await post(ingestKey);
  await flushRefusals();
  shared.tailfillDb = well;
  await down.$disconnect();
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ code: "database_unavailable" });
  await flushRefusals();
  expect(await room.db.refusal.count({ where: { code: "database_unavailable" } })).toBe(1);
});
