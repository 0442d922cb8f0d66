import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import { insightKills } from "@/lib/insight/kills";
import { insightRequests } from "@/lib/insight/requests";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { parseQuestion } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { removeExpired } from "@/lib/rollup/retention";
import { ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { insightIngested, insightOf, killAt, requestAt, stopAt } from "../support/insight.ts";
import { store } from "../support/stored.ts";

let database: TestDatabase;
/** Where `ingestContext`'s clock stands. */
const NOW = Date.parse("2026-11-22T10:00:30Z");
const SCOPE = { service: "shop", environment: "production" };
const RANGE = { ...SCOPE, from: "2026-11-22T09:00:00Z", to: "2026-11-22T10:01:00Z" };

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  await ensurePartitions(db, NOW);
  await store(
    db,
    batchOf({ endpoints: [endpointOf({ route: "/report", outcomes: { ok: payloadOf(5_000) }, users: [] })] }),
  );
  await new Folder(db).fold();
});
afterAll(() => database.drop());

const slowest = async (more: Record<string, string> = {}) => {
  const question = parseQuestion("insightRequests", new URLSearchParams({ ...RANGE, ...more }));
  return ANSWERS.InsightRequests.parse(await insightRequests(database.db, question, NOW)).requests;
};
const stopped = async () => {
  const question = parseQuestion("insightKills", new URLSearchParams(RANGE));
  return ANSWERS.InsightKills.parse(await insightKills(database.db, question, NOW));
};

test("the slowest requests of an endpoint and hour are kept, with what their time went to; the rest goes", async () => {
  const { db } = database;
  const of = (n: number) => requestAt(NOW - n * 1_000, { latencyUs: 1_000_000 + n, user: `user-${n}` });
  const requests = Array.from({ length: 25 }, (_, n) => of(n));
  await insightIngested(db, NOW, { requests });
  await insightIngested(db, NOW, { requests: [requests[24]!, requestAt(NOW, { endpoint: "GET /feed", user: null })] });
  const { id } = await db.endpoint.findFirstOrThrow({ where: { route: "/report" } });
  const found = await slowest({ endpoint: String(id), limit: "100" });
  expect(found.map(({ user }) => user)).toEqual(Array.from({ length: 20 }, (_, n) => `user-${24 - n}`));
  expect(found[0]).toMatchObject({
    endpoint: { name: "GET /report", id },
    latencyUs: 1_000_024,
    databaseUs: 900_000,
    statements: 3,
    slowest: [{ statement: "select count(*) from comment where author = ?", count: 2, durationUs: 890_000 }],
  });
  expect((await slowest({ user: "user-7" })).map(({ latencyUs }) => latencyUs)).toEqual([1_000_007]);
  expect((await slowest({ limit: "100" })).map(({ endpoint }) => endpoint.name)).toContain("GET /feed");
  expect(await slowest({ endpoint: "999999" })).toEqual([]);
  expect(await slowest({ from: "2026-11-22T09:00:00Z", to: "2026-11-22T10:00:10Z", user: "user-9" })).toEqual([]);
});

test("a guard's kill shows whose request it was, and what no guard has stopped stands beside it", async () => {
  const { db } = database;
  const stops = [
    stopAt(NOW - 9_000),
    stopAt(NOW - 8_000, { by: "timeout", budgetMs: 2_000, pid: null, user: "bob" }),
    stopAt(NOW - 7_000, { by: "abort", statement: null, endpoint: null }),
  ];
  await insightIngested(db, NOW, { kills: [killAt(NOW - 9_500, { outcome: "ended", afterMs: 500 })], stops });
  await insightIngested(db, NOW, { stops });
  const answer = await stopped();
  expect(answer.kills.map(({ request }) => request)).toEqual([
    { user: "ada", traceId: "ab".repeat(16), durationUs: 21_300_000 },
  ]);
  expect(answer.stops.map(({ by, user, budgetMs }) => [by, user, budgetMs])).toEqual([
    ["abort", "ada", null],
    ["timeout", "bob", 2_000],
  ]);
  expect(answer).toMatchObject({ told: true, killCount: 1, stopCount: 2 });
  expect(
    answer.groups.map(({ endpoint, stopped: by, timedOut, aborted }) => [endpoint?.name, by, timedOut, aborted]),
  ).toEqual([
    ["GET /report", 1, 1, 0],
    [undefined, 0, 0, 1],
  ]);
});

test.each([
  ["stops[0] code", { stops: [stopAt(NOW, { code: "drop table" })] }],
  ["stops[0] traceId", { stops: [stopAt(NOW, { traceId: "<script>" })] }],
  ["stops[0] id", { stops: [stopAt(NOW - 3 * 86_400_000)] }],
  ["requests[0] id", { requests: [requestAt(NOW + 3_600_000)] }],
  ["requests[0] databaseUs", { requests: [requestAt(NOW, { databaseUs: 1_000_001 })] }],
  ["requests[0] latencyUs", { requests: [requestAt(NOW, { latencyUs: 1e12 })] }],
])("a bad entry is refused alone: %s", async (where, sections) => {
  const good = { kills: [killAt(NOW - 1_000)] };
  const report = insightOf({ ...good, ...sections });
  const answer = await acceptInsight(requestOf(JSON.stringify(report)), ingestContext(database.db));
  expect(answer.accepted).toBe(1);
  const [path, field] = where.split(" ");
  expect(answer.rejected).toEqual([{ path, reason: expect.stringContaining(field!) as string }]);
});

test("single requests go after 35 days, stops after 100", async () => {
  const { db } = database;
  const left = async (days: number) => {
    await removeExpired(db, NOW + days * 86_400_000);
    return [(await db.insightRequest.count()) > 0, (await db.insightStop.count()) > 0];
  };
  expect(await left(34)).toEqual([true, true]);
  expect(await left(36)).toEqual([false, true]);
  expect(await left(101)).toEqual([false, false]);
});
