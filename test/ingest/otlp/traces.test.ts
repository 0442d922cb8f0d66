import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IngestContext } from "@/lib/ingest/accept";
import { addPayload, newCounts, percentile } from "@/lib/histogram/index";
import { Folder } from "@/lib/rollup/fold";
import { openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { gzipped, ingestContext } from "../../support/ingest.ts";
import { GET_USER, OTLP_NOW, sendTraces, SHOP, type TestSpan, tracesOf } from "../../support/otlp.ts";
import { countInHex, endpointWindows, requestCount, userWindows } from "../../support/stored.ts";

let database: TestDatabase;
let context: IngestContext;
const KEPT = { rejected: 0, reason: "" };
const CLIENT = 3;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, OTLP_NOW);
  context = ingestContext(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, user_window_1m, loss, service, insight_statement, otlp_scope CASCADE`;
});

const send = (spans: TestSpan[], changes: object = SHOP) => sendTraces(context, tracesOf(spans, changes as never));
const fold = () => new Folder(database.db).fold();
/** What is counted under each endpoint: the number of samples, and the highest of them in milliseconds. */
async function counted(): Promise<Record<string, [count: number, highestMs: number]>> {
  await fold();
  const windows = [...(await endpointWindows(database.db, 0))].filter(([key]) => !key.includes(" total |"));
  return Object.fromEntries(
    windows.map(([key, hex]) => [key.replace(/^shop production | \|.*\| ok$/g, ""), figures(hex)]),
  );
}
function figures(hex: string): [number, number] {
  const counts = newCounts();
  addPayload(counts, Buffer.from(hex, "hex"));
  return [countInHex(hex), Math.round((percentile(counts, 100) ?? 0) / 100) / 10];
}
const lost = async () =>
  Object.fromEntries((await database.db.loss.findMany()).map(({ reason, count }) => [reason, Number(count)]));

/** A server span, then statements below it: [milliseconds after it began, how long]. */
function request(
  id: number,
  statements: [at: number, ms: number, attributes?: object][],
  changes: TestSpan = {},
): TestSpan[] {
  const traceId = id.toString(16).padStart(32, "a");
  const serverId = id.toString(16).padStart(16, "b");
  const below = statements.map(([at, ms, attributes], place) => ({
    traceId,
    spanId: `${place}`.padStart(16, "c"),
    parentSpanId: serverId,
    kind: CLIENT,
    began: 5 - at / 1000,
    ms,
    attributes: { "db.system.name": "postgresql", "db.query.text": "SELECT 1", ...attributes },
  }));
  return [...below, { traceId, spanId: serverId, ms: 100, ...changes }];
}

describe("requests", () => {
  test("count in the window in which they ended, by endpoint, outcome and user", async () => {
    const user = (values: Record<string, string | number>) => ({ attributes: { ...GET_USER, ...values } });
    const spans: TestSpan[] = [
      { ms: 20, ...user({ "user.id": "u1", "enduser.id": "e1", "enduser.pseudo.id": "p1" }) },
      { ms: 40, ...user({ "user.id": "u1", "enduser.id": "e1" }) },
      { ms: 80, ...user({ "user.id": "u1" }) },
      { ms: 160, ...user({ "enduser.id": 7 }) },
      { ms: 9_000, began: 12, status: { code: 2 }, attributes: { "http.method": "POST" } },
    ];
    expect(await send(spans)).toEqual(KEPT);
    expect(await counted()).toEqual({
      "GET /users/:id": [4, 160.8],
      "POST (unmatched) | 2026-11-22T10:00:20Z | server_error": [1, 9_044],
    });
    const users = [...(await userWindows(database.db, 0))].map(([key, hex]) => [key.split(" | ")[2], countInHex(hex)]);
    expect(Object.fromEntries(users)).toEqual({ "7": 1, e1: 1, p1: 1, u1: 1 });
  });

  test("spans of other kinds, and servers of other protocols, are passed over", async () => {
    const others: TestSpan[] = [{ kind: CLIENT }, { kind: 1 }, { kind: 4 }, { attributes: { "rpc.system": "grpc" } }];
    expect(await send(others)).toEqual(KEPT);
    expect(await counted()).toEqual({});
  });

  test("paths never become endpoints, nor do names that are reserved", async () => {
    await send([
      { attributes: { "http.request.method": "GET", "url.path": "/users/42", "http.target": "/users/42" } },
      { attributes: { "http.request.method": "(cache)", "http.route": "(other)" } },
    ]);
    expect(Object.keys(await counted()).sort()).toEqual(["GET (unmatched)", "_OTHER /(other)"]);
  });

  test("the same bytes count once, at two servers at once as well", async () => {
    const other = openDb(database.url, 5);
    const body = tracesOf([{}, { began: 25 }, { ms: 70 }]);
    const answers = Array.from({ length: 8 }, (_, at) =>
      sendTraces(at % 2 ? context : { ...context, db: other }, body),
    );
    expect(new Set((await Promise.all(answers)).map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(KEPT)]),
    );
    await other.$disconnect();
    await fold();
    expect(await requestCount(database.db, 0)).toBe(3);
  });

  test("what cannot be kept is told and counted, the rest is kept", async () => {
    expect(await send([{}, { ms: -5 }, { began: 50 * 3600 }])).toMatchObject({ rejected: 2 });
    expect(await counted()).toMatchObject({ "GET /users/:id": [1, 20.1] });
    expect(await lost()).toEqual({ invalid: 1, window_refused: 1 });
  });

  test("an export of a thousand windows is refused whole, and nothing of it is stored", async () => {
    expect(await send(Array.from({ length: 1_000 }, (_, at) => ({ began: 20 + at * 10 })))).toBe("too_large");
    expect(await database.db.batch.count()).toBe(0);
  });

  test("names beyond the caps of a batch are counted under (other), users under (other users)", async () => {
    const spans = Array.from({ length: 10_050 }, (_, at) => ({
      attributes: { ...GET_USER, "http.route": `/${at % 1_010}`, "user.id": `u${at}` },
    }));
    const gzip = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await sendTraces(context, gzipped(JSON.stringify(tracesOf(spans))), gzip)).toEqual(KEPT);
    const all = await counted();
    const beyond = spans.filter((_, at) => at % 1_010 >= 1_000).length;
    expect(all["* (other)"]![0]).toBe(beyond);
    expect(Object.values(all).reduce((sum, [count]) => sum + count, 0)).toBe(10_050);
    expect(await lost()).toMatchObject({ endpoint_cap: beyond, user_cap: 50 });
  });

  test("who leaves out service, environment and instance is counted under plain names", async () => {
    await send([{}], { "host.name": "web", "process.pid": 7 });
    const [key] = [...(await endpointWindows(database.db, 0))];
    expect(key).toBeUndefined();
    await fold();
    expect([...(await endpointWindows(database.db, 0)).keys()][0]).toMatch(/^unknown_service production /);
  });
});

describe("databases", () => {
  test("the share of a request is the time for which a statement was under way, whatever overlaps", async () => {
    expect(
      await send(
        request(1, [
          [10, 20],
          [20, 20],
          [80, 50],
        ]),
      ),
    ).toEqual(KEPT);
    expect(await counted()).toEqual({
      "GET /users/:id": [1, 100.4],
      "(database) GET /users/:id": [1, 50.2],
      "(rest) GET /users/:id": [1, 50.2],
      "(statements) GET /users/:id": [1, 0],
      [`(statement) ${idOf("select ?")} GET /users/:id`]: [3, 50.2],
    });
  });

  test("statements are told apart without their values, and nobody's value is kept", async () => {
    const sql = (text: string, system = "postgresql") => ({
      "db.system": system,
      "db.system.name": "",
      "db.query.text": "",
      "db.statement": text,
    });
    await send(
      request(1, [
        [0, 1, sql("SELECT * FROM t WHERE name = 'secret-1'")],
        [2, 1, sql("SELECT * FROM t WHERE name = 'secret-2'")],
        [4, 1, sql('SELECT "secret-3"', "mysql")],
        [6, 1, { ...sql("GET session:secret-4", "redis"), "db.operation.name": "GET" }],
      ]),
    );
    const texts = (await database.db.insightStatement.findMany()).map(({ text }) => text).sort();
    expect(texts).toEqual(["redis GET", "select * from t where name = ?", "select ?"]);
    const keys = Object.keys(await counted()).filter((key) => key.startsWith("(statement) "));
    expect(keys.sort()).toEqual(texts.map((text) => `(statement) ${idOf(text)} GET /users/:id`).sort());
  });

  test("a statement belongs to the server span above it, through spans between and not across services", async () => {
    const [statement, server] = request(1, [[10, 20]]) as [TestSpan, TestSpan];
    const between = { ...server, spanId: "d".repeat(16), parentSpanId: server.spanId!, kind: 1 };
    const below = { ...statement, parentSpanId: between.spanId };
    const other = { ...server, spanId: "e".repeat(16), attributes: { ...GET_USER, "http.route": "/other" } };
    await send([below, between, server, other]);
    expect((await counted())["(database) GET /users/:id"]).toEqual([1, 20.1]);
    expect((await counted())["(database) GET /other"]).toEqual([1, 0]);
  });

  test("where the span between is not in the export, the trace's only server span is taken; of two, none", async () => {
    const [statement, server] = request(1, [[10, 20]]) as [TestSpan, TestSpan];
    const lone = { ...statement, parentSpanId: "f".repeat(16) };
    const second = { ...server, spanId: "e".repeat(16) };
    await send([lone, server]);
    expect((await counted())["(database) GET /users/:id"]).toEqual([1, 20.1]);
    await send([lone, server, second, ...request(2, [[1, 1]])]);
    expect((await counted())["(statements) GET /users/:id"]![0]).toBe(1 + 3);
    expect((await counted())[`(statement) ${idOf("select ?")} GET /users/:id`]![0]).toBe(1 + 1);
  });

  test("spans in a circle end", async () => {
    const [statement, server] = request(1, [[10, 20]]) as [TestSpan, TestSpan];
    const a = { ...statement, spanId: "1".repeat(16), parentSpanId: "2".repeat(16) };
    const b = { ...statement, spanId: "2".repeat(16), parentSpanId: "1".repeat(16) };
    expect(await send([a, b, server])).toEqual(KEPT);
  });

  test("an export without statements tells nothing of databases", async () => {
    await send(request(1, []));
    expect(Object.keys(await counted())).toEqual(["GET /users/:id"]);
  });
});

const idOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
