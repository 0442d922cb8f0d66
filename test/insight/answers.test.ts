import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import { insightKills } from "@/lib/insight/kills";
import { insightStatements } from "@/lib/insight/statements";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { parseQuestion } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import { STATEMENT_METHOD, statementRoute } from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { insightOf, killAt } from "../support/insight.ts";
import { store } from "../support/stored.ts";

let database: TestDatabase;
/** Where `ingestContext`'s clock stands. */
const NOW = Date.parse("2026-11-22T10:00:30Z");
const AA = "00000000000000aa";
const BB = "00000000000000bb";
const RANGE = { service: "shop", environment: "production", from: "2026-11-22T09:59:00Z", to: "2026-11-22T10:01:00Z" };

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  await ensurePartitions(db, NOW);
  const statement = (id: string, endpoint: string, ...us: number[]) =>
    endpointOf({
      method: STATEMENT_METHOD,
      route: statementRoute(id, endpoint),
      outcomes: { ok: payloadOf(...us) },
      users: [],
    });
  await store(
    db,
    batchOf({
      endpoints: [
        endpointOf({ route: "/report", outcomes: { ok: payloadOf(5_000, 9_000) }, users: [] }),
        statement(AA, "GET /report", 4_000, 4_000),
        statement(BB, "GET /report", 100),
        statement(AA, "GET /gone", 1_000),
      ],
    }),
  );
  await new Folder(db).fold();
  const kills = [
    killAt(NOW - 9_000, { outcome: "ended", afterMs: 5 }),
    killAt(NOW - 8_000, { outcome: "gone", afterMs: 0 }),
    killAt(NOW - 7_000, { endpoint: "GET /gone", action: "would_cancel" }),
    killAt(NOW - 6_000, { endpoint: null, statement: null, action: "blocker" }),
  ];
  const report = insightOf({ statements: [{ id: AA, text: "select ?" }], kills });
  await acceptInsight(requestOf(JSON.stringify(report)), ingestContext(db));
});
afterAll(() => database.drop());

const statements = async (more: Record<string, string> = {}) => {
  const question = parseQuestion("insightStatements", new URLSearchParams({ ...RANGE, ...more }));
  const answer = await insightStatements(database.db, question, NOW);
  ANSWERS.InsightStatements.parse(answer);
  return answer;
};
const kills = async (more: Record<string, string> = {}) => {
  const question = parseQuestion("insightKills", new URLSearchParams({ ...RANGE, ...more }));
  const answer = await insightKills(database.db, question, NOW);
  ANSWERS.InsightKills.parse(answer);
  return answer;
};

test("statements of all endpoints, most time first, each with its endpoint as far as it is known", async () => {
  const { id } = await database.db.endpoint.findFirstOrThrow({ where: { method: "GET", route: "/report" } });
  const answer = await statements();
  expect(answer).toMatchObject({ told: true, nothing: null, statementCount: 3 });
  expect(
    answer.statements.map(({ statementId, statement, endpoint, count }) => [statementId, statement, endpoint, count]),
  ).toEqual([
    [AA, "select ?", { name: "GET /report", id }, 2],
    [AA, "select ?", { name: "GET /gone", id: null }, 1],
    [BB, null, { name: "GET /report", id }, 1],
  ]);
  expect(answer.statements.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  const few = await statements({ limit: "1" });
  expect([few.statements.length, few.statementCount, few.totalUs]).toEqual([1, 3, answer.totalUs]);
});

test("kills by statement and endpoint, with the endpoint's p99 beside them, and one by one, newest first", async () => {
  const answer = await kills();
  expect(
    answer.groups.map(({ endpoint, cancelled, gone, endpointP99Us }) => [
      endpoint?.name,
      cancelled,
      gone,
      endpointP99Us,
    ]),
  ).toEqual([
    ["GET /report", 1, 1, 9_023],
    ["GET /gone", 0, 0, null],
    [undefined, 0, 0, null],
  ]);
  expect(answer.kills.map(({ action }) => action)).toEqual(["blocker", "would_cancel", "cancel", "cancel"]);
  expect((await kills({ limit: "2" })).kills).toHaveLength(2);
});

test("a service that nobody knows, or of which nobody told, has nothing, and says so", async () => {
  expect(await kills({ service: "nobody" })).toMatchObject({ told: false, groups: [], kills: [] });
  expect(await statements({ service: "nobody" })).toMatchObject({ told: false, statements: [], statementCount: 0 });
  expect(await kills({ from: "2026-11-20T00:00:00Z", to: "2026-11-20T01:00:00Z" })).toMatchObject({
    told: true,
    kills: [],
  });
});
