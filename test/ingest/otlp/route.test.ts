import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as postMetrics } from "@/app/v1/metrics/route";
import { POST as postTraces } from "@/app/v1/traces/route";
import { createApiKey } from "@/lib/auth/api-keys";
import { flushRefusals } from "@/lib/ingest/ingest";
import { type Field, readMessage } from "@/lib/ingest/otlp/protobuf";
import { openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { serverRoom } from "../../auth/support/server-room.ts";
import type { TestDatabase } from "../../support/database.ts";
import { metricsOf, otlpRequest, pointOf, tracesOf } from "../../support/otlp.ts";

let room: TestDatabase;
let headers: { authorization: string };

beforeAll(async () => {
  room = await serverRoom();
  await ensurePartitions(room.db, Date.now());
  const { key } = await createApiKey({ name: "test", scopes: ["ingest"], createdBy: null }, room.db);
  headers = { authorization: `Bearer ${key}` };
});
afterAll(async () => {
  await flushRefusals();
  await room.drop();
});

const numbered = (...list: Field[]) => new Map(list.map((field, at) => [at + 1, field]));
const PARTIAL = numbered({ name: "rejected", type: "int" }, { name: "message", type: "text" });
const RESPONSE = numbered({ name: "partialSuccess", type: PARTIAL });
const STATUS = numbered({ name: "code", type: "int" }, { name: "message", type: "text" });
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());
const typeOf = (answer: Response) => answer.headers.get("content-type");

/** An export that holds nothing, in protobuf. */
const EMPTY = new Uint8Array(0);
/** resourceMetrics · scopeMetrics · { name, histogram { dataPoints, delta } } with the fields of one point. */
function exportOf(point: readonly number[]): Uint8Array<ArrayBuffer> {
  const within = (key: number, bytes: readonly number[]) => [key, bytes.length, ...bytes];
  const name = [...Buffer.from("http.server.duration")];
  const histogram = [...within(0x0a, point), 0x10, 1];
  const metric = [...within(0x0a, name), ...within(0x4a, histogram)];
  return Uint8Array.from(within(0x0a, within(0x12, within(0x12, metric))));
}
/** The field bucketCounts with a one, packed. */
const ONE_IN_A_BUCKET = [0x32, 8, 1, 0, 0, 0, 0, 0, 0, 0];

test("what is kept whole is answered by an empty message, in the encoding of the request", async () => {
  const json = await postTraces(otlpRequest("traces", { resourceSpans: [] }, headers), undefined);
  expect([json.status, typeOf(json), await json.text()]).toEqual([200, "application/json", "{}"]);
  const binary = await postMetrics(otlpRequest("metrics", EMPTY, headers), undefined);
  expect([binary.status, typeOf(binary), (await bytesOf(binary)).length]).toEqual([200, "application/x-protobuf", 0]);
  const point = await postMetrics(otlpRequest("metrics", exportOf([]), headers), undefined);
  expect([point.status, (await bytesOf(point)).length]).toEqual([200, 0]);
});

test("what is not kept is told as partial success, which is not to be sent again", async () => {
  const old = await postTraces(
    otlpRequest("traces", tracesOf([{ began: 40 * 86_400 }, { began: 1, ms: -1 }]), headers),
    undefined,
  );
  expect([old.status, await old.json()]).toEqual([
    200,
    { partialSuccess: { rejectedSpans: "2", errorMessage: expect.stringContaining("48 hours") } },
  ]);
  const bad = metricsOf({ points: [pointOf([1, 1, 0], { count: "9" })] });
  const byMetrics = { ...headers, "tailfill-requests": "metrics" };
  const json = await postMetrics(otlpRequest("metrics", bad, byMetrics), undefined);
  expect(await json.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: "1" } });
  const binary = await postMetrics(otlpRequest("metrics", exportOf(ONE_IN_A_BUCKET), byMetrics), undefined);
  expect(readMessage(await bytesOf(binary), RESPONSE)).toEqual({
    partialSuccess: { rejected: 1, message: expect.stringContaining("1 not kept") },
  });
});

test("a refusal is a google.rpc.Status in the encoding of the request", async () => {
  const binary = await postTraces(otlpRequest("traces", Uint8Array.from([0x0a, 5]), headers), undefined);
  expect([binary.status, typeOf(binary)]).toEqual([400, "application/x-protobuf"]);
  expect(readMessage(await bytesOf(binary), STATUS)).toEqual({
    code: 3,
    message: expect.stringContaining("docs/otlp.md"),
  });
  const json = await postTraces(otlpRequest("traces", "{", headers), undefined);
  expect([json.status, await json.json()]).toMatchObject([400, { code: 3 }]);
  const unknown = await postTraces(otlpRequest("traces", "x", { ...headers, "content-type": "text/plain" }), undefined);
  expect([unknown.status, await unknown.json()]).toMatchObject([415, { code: 3 }]);
});

test("without a key nothing is read: 401; a body that is too long: 413; neither is to be sent again", async () => {
  const none = await postMetrics(otlpRequest("metrics", EMPTY), undefined);
  expect([none.status, none.headers.get("retry-after")]).toEqual([401, null]);
  expect(readMessage(await bytesOf(none), STATUS)).toMatchObject({ code: 16 });
  const long = await postMetrics(otlpRequest("metrics", new Uint8Array(4 * 1024 * 1024 + 1), headers), undefined);
  expect([long.status, long.headers.get("retry-after")]).toEqual([413, null]);
});

test("while the database is down: 503 with Retry-After, and the repeat counts", async () => {
  const body = tracesOf([{ began: (Date.parse("2026-11-22T10:00:30Z") - Date.now()) / 1000 }]);
  const shared = globalThis as { tailfillDb?: unknown };
  const well = shared.tailfillDb;
  const down = openDb("postgresql://postgres@127.0.0.1:1/none");
  shared.tailfillDb = down;
  const refused = await postTraces(otlpRequest("traces", body, headers), undefined);
  shared.tailfillDb = well;
  await down.$disconnect();
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  const before = await room.db.batch.count();
  expect((await postTraces(otlpRequest("traces", body, headers), undefined)).status).toBe(200);
  expect(await room.db.batch.count()).toBe(before + 1);
});
