import { afterAll, beforeAll, expect, test } from "vitest";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { database as ask, endpoints, parseQuestion } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { saveStatements } from "@/lib/store/insight-statements";
import { ensurePartitions } from "@/lib/store/partitions";
import {
  DATABASE_METHOD,
  databaseRoute,
  OTHER_STATEMENTS_ID,
  REST_METHOD,
  STATEMENT_METHOD,
  statementRoute,
  STATEMENTS_METHOD,
} from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

let database: TestDatabase;
const START = Date.parse("2026-11-22T10:00:00Z");
const NOW = START + 60_000;
const SEARCH = new URLSearchParams({ from: "2026-11-22T09:59:00Z", to: "2026-11-22T10:01:00Z", percentiles: "50,99" });

const LONG_ROUTE = `/${"x".repeat(300)}`;
const feed = databaseRoute({ method: "GET", route: "/feed" });
const series = (method: string, route: string, ...values: number[]) =>
  endpointOf({ method, route, outcomes: { ok: payloadOf(...values) }, users: [] });

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  await ensurePartitions(db, NOW);
  const endpoints = [
    series("GET", "/feed", 1_000, 3_000, 5_000),
    series("GET", "/plain", 1_000),
    series(DATABASE_METHOD, feed, 200, 2_000, 4_000),
    series(REST_METHOD, feed, 800, 1_000, 1_000),
    series(STATEMENTS_METHOD, feed, 1, 5, 0),
    series(STATEMENT_METHOD, statementRoute("00000000000000aa", feed), 100, 100, 4_000),
    {
      ...series(STATEMENT_METHOD, statementRoute("00000000000000bb", feed)),
      outcomes: { ok: payloadOf(200), server_error: payloadOf(300) },
    },
    series(STATEMENT_METHOD, statementRoute(OTHER_STATEMENTS_ID, feed), 50),
    series(
      STATEMENT_METHOD,
      statementRoute("00000000000000aa", databaseRoute({ method: "GET", route: "/feed2" })),
      9e6,
    ),
    series("GET", LONG_ROUTE.slice(0, 256), 1_000),
    series(DATABASE_METHOD, databaseRoute({ method: "GET", route: LONG_ROUTE.slice(0, 256) }), 1_000),
    series(
      STATEMENT_METHOD,
      statementRoute("00000000000000cc", databaseRoute({ method: "GET", route: LONG_ROUTE.slice(0, 256) })),
      1_000,
    ),
  ];
  await store(db, batchOf({ endpoints, window: { startMs: START, seconds: 10 } }));
  await store(
    db,
    batchOf({
      endpoints: [
        series(DATABASE_METHOD, feed, 200),
        series(REST_METHOD, feed, 800),
        series(STATEMENTS_METHOD, feed, 2),
      ],
      window: { startMs: START + 20_000, seconds: 10 },
    }),
  );
  await store(db, batchOf({ environment: "staging", endpoints: [series(DATABASE_METHOD, feed, 9e6)] }));
  await new Folder(db).fold();
  const { serviceId } = await db.endpoint.findFirstOrThrow();
  await saveStatements(db, serviceId, {
    statements: [{ id: "00000000000000aa", text: "select * from post where id = ?" }],
    atMs: NOW,
  });
});
afterAll(() => database.drop());

async function askOf(route: string, search = SEARCH) {
  const { id } = await database.db.endpoint.findFirstOrThrow({
    where: { method: "GET", route, environment: "production" },
  });
  const answer = await ask(database.db, { ...parseQuestion("database", search), id }, NOW);
  ANSWERS.Database.parse(answer);
  return answer;
}

test("the time at the database and the rest add up; so do their shares", async () => {
  const { told, database: time, rest, nothing } = await askOf("/feed");
  expect({ told, nothing }).toEqual({ told: true, nothing: null });
  expect(time).toMatchObject({ count: 4, percentiles: { p50Us: 200, p99Us: 4_015 } });
  expect(time.meanUs! + rest.meanUs!).toBeGreaterThan(2_400);
  expect(time.meanUs! + rest.meanUs!).toBeLessThan(2_600);
  expect(time.share! + rest.share!).toBeCloseTo(1);
  expect(time.share).toBeCloseTo(6_400 / 10_000, 1);
});

test("statements a request are numbers, exact", async () => {
  const { statements } = await askOf("/feed");
  expect(statements).toEqual({ count: 4, percentiles: { p50: 1, p99: 5 }, max: 5, mean: 2, thin: ["p99"] });
});

test("means over time: a step without requests is a gap", async () => {
  const { points, stepSeconds } = await askOf("/feed", new URLSearchParams([...SEARCH, ["step", "10"]]));
  expect(stepSeconds).toBe(10);
  const by = new Map(points.map((point) => [point.at, point]));
  expect(by.get("2026-11-22T10:00:00Z")).toMatchObject({ count: 3, statements: 2 });
  expect(by.get("2026-11-22T10:00:10Z")).toMatchObject({
    count: 0,
    databaseMeanUs: null,
    restMeanUs: null,
    statements: null,
  });
  expect(by.get("2026-11-22T10:00:20Z")).toMatchObject({ count: 1, databaseMeanUs: 200, statements: 2 });
});

test("its statements, most time first, with their texts as far as known, and no other endpoint's", async () => {
  const { slowest } = await askOf("/feed");
  expect(
    slowest.map(({ statementId, statement, count, failed, perRequest }) => [
      statementId,
      statement,
      count,
      failed,
      perRequest,
    ]),
  ).toEqual([
    ["00000000000000aa", "select * from post where id = ?", 3, 0, 0.75],
    ["00000000000000bb", null, 2, 1, 0.5],
    [OTHER_STATEMENTS_ID, null, 1, 0, 0.25],
  ]);
  expect(slowest[0]).toMatchObject({ percentiles: { p50Us: 100, p99Us: 4_015 }, maxUs: 4_015 });
  expect(slowest.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect((await askOf("/feed", new URLSearchParams([...SEARCH, ["limit", "1"]]))).slowest).toHaveLength(1);
});

test("an endpoint whose app told nothing of databases says so, and one with a name cut short is found", async () => {
  expect(await askOf("/plain")).toMatchObject({ told: false, slowest: [], nothing: "none_in_range" });
  expect(await askOf(LONG_ROUTE.slice(0, 256))).toMatchObject({
    told: true,
    slowest: [{ statementId: "00000000000000cc" }],
  });
});

test("none of it is a request: the list of endpoints has none of these series", async () => {
  const { endpoints: listed } = await endpoints(database.db, parseQuestion("endpoints", SEARCH), NOW);
  expect(listed.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
});
