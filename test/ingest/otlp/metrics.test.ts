import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IngestContext } from "@/lib/ingest/accept";
import { overview, parseQuestion } from "@/lib/query";
import { Folder } from "@/lib/rollup/fold";
import { openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { FakeClock } from "../../support/clock.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { gzipped, ingestContext } from "../../support/ingest.ts";
import {
  attributes,
  GET_USER,
  metricsOf,
  nanosBefore,
  OTLP_NOW,
  pointOf,
  sendMetrics,
  sendTraces,
  SHOP,
  tracesOf,
} from "../../support/otlp.ts";
import { countInHex, endpointWindows } from "../../support/stored.ts";

let database: TestDatabase;
let context: IngestContext;
const KEPT = { rejected: 0, reason: "" };
const CUMULATIVE = 2;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, OTLP_NOW);
  context = ingestContext(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, loss, service, otlp_series, otlp_coarse, otlp_scope CASCADE`;
});

/** Requests by endpoint, window and outcome, without the rows that stand for whole services. */
async function counted(): Promise<Record<string, number>> {
  await new Folder(database.db).fold();
  const windows = [...(await endpointWindows(database.db, 0))].filter(([key]) => !key.includes(" total |"));
  return Object.fromEntries(windows.map(([key, hex]) => [key.replace("shop production ", ""), countInHex(hex)]));
}
const total = async () => Object.values(await counted()).reduce((sum, count) => sum + count, 0);
const lost = async () =>
  Object.fromEntries((await database.db.loss.findMany()).map(({ reason, count }) => [reason, Number(count)]));
const send = (body: object, headers = {}, changes = {}) => sendMetrics({ ...context, ...changes }, body, headers);
/** A cumulative point: what the process has counted since `started` seconds ago, told `at` seconds ago. */
const since = (started: number, at: number, counts: number[], changes = {}) =>
  pointOf(counts, { startTimeUnixNano: nanosBefore(started), timeUnixNano: nanosBefore(at), ...changes });
const cumulative = (...points: object[]) => metricsOf({ temporality: CUMULATIVE, points });

describe("delta", () => {
  test("each point counts in the window in which it began, by endpoint and outcome", async () => {
    const status = (code: number | string) =>
      attributes({ ...GET_USER, [typeof code === "number" ? "http.response.status_code" : "error.type"]: code });
    const points = [
      pointOf([1, 2, 0]),
      pointOf([0, 0, 4], { attributes: status(503) }),
      pointOf([8, 0, 0], { attributes: status(404) }),
      pointOf([0, 16, 0], {
        attributes: attributes({ "http.request.method": "get", "http.response.status_code": 404 }),
      }),
    ];
    expect(await send(metricsOf({ points }))).toEqual(KEPT);
    expect(await counted()).toEqual({
      "GET /users/:id | 2026-11-22T10:00:10Z | ok": 3,
      "GET /users/:id | 2026-11-22T10:00:10Z | server_error": 4,
      "GET /users/:id | 2026-11-22T10:00:10Z | client_error": 8,
      "GET (unmatched) | 2026-11-22T10:00:10Z | client_error": 16,
    });
  });

  test("the same bytes count once, gzip or not; by another key, they are another's", async () => {
    const body = metricsOf({ points: [pointOf([1, 2, 3])] });
    for (let time = 0; time < 3; time++) expect(await send(body)).toEqual(KEPT);
    const gzip = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await sendMetrics(context, gzipped(JSON.stringify(body)), gzip)).toEqual(KEPT);
    expect(await total()).toBe(6);
    await send(body, {}, { keyId: "another" });
    expect(await total()).toBe(12);
  });

  test("two servers that get the same export at once count it once", async () => {
    const other = openDb(database.url, 5);
    const body = metricsOf({ points: [pointOf([1, 2, 3]), pointOf([4, 0, 0], { timeUnixNano: nanosBefore(0) })] });
    const both = [context, { ...context, db: other }];
    await Promise.all(Array.from({ length: 10 }, (_, at) => sendMetrics(both[at % 2]!, body)));
    await other.$disconnect();
    expect(await total()).toBe(10);
  });

  test("a bad point is not kept, the rest is, and both are told", async () => {
    const points = [pointOf([1, 0, 0]), pointOf([1, 2, 3], { count: "7" }), pointOf([1, 2])];
    expect(await send(metricsOf({ points }))).toEqual({
      rejected: 2,
      reason: "its buckets do not add up to its count",
    });
    expect([await total(), await lost()]).toEqual([1, { unreadable: 2 }]);
  });

  test("what is too old or ahead is not kept, and counted as lost", async () => {
    const points = [
      pointOf([1, 0, 0]),
      pointOf([2, 0, 0], { startTimeUnixNano: nanosBefore(49 * 3600), timeUnixNano: nanosBefore(49 * 3600 - 10) }),
      pointOf([4, 0, 0], { startTimeUnixNano: nanosBefore(-700), timeUnixNano: nanosBefore(-710) }),
    ];
    expect(await send(metricsOf({ points }))).toMatchObject({ rejected: 2 });
    expect([await total(), await lost()]).toEqual([1, { window_refused: 6 }]);
  });

  test("an interval of a minute is one window; of one much longer, it is said where its requests stand", async () => {
    const from = (seconds: number) => pointOf([1, 0, 0], { startTimeUnixNano: nanosBefore(10 + seconds) });
    await send(metricsOf({ points: [from(60.9)] }));
    await counted();
    expect(await lost()).toEqual({});
    await send(metricsOf({ points: [from(300)] }));
    await counted();
    expect(await lost()).toEqual({ wide_window: 1 });
  });

  test("old names, units and the buckets of HdrHistogram's kind are read; other metrics are passed over", async () => {
    const old = { "http.method": "GET", "http.route": "users/<int:id>/", "http.status_code": 200 };
    const point = pointOf([1, 1, 0], { attributes: attributes(old), explicitBounds: [100, 1000] });
    expect(await send(metricsOf({ name: "http.server.duration", unit: "ms", points: [point] }))).toEqual(KEPT);
    expect(await send(metricsOf({ name: "http.client.request.duration", points: [point] }))).toEqual(KEPT);
    const { bucketCounts: _, explicitBounds: __, ...rest } = pointOf([5]) as Record<string, unknown>;
    const exponential = { ...rest, scale: 3, zeroCount: 1, positive: { offset: -10, bucketCounts: [1, 1, 2] } };
    expect(await send(metricsOf({ exponential: true, points: [exponential] }))).toEqual(KEPT);
    expect(await counted()).toEqual({
      "GET /users/<int:id>/ | 2026-11-22T10:00:10Z | ok": 2,
      "GET /users/:id | 2026-11-22T10:00:10Z | ok": 5,
    });
  });
});

describe("cumulative", () => {
  test("differences are counted from point to point, and a point told twice is not", async () => {
    await send(cumulative(since(40, 30, [1, 0, 0])));
    await send(cumulative(since(40, 20, [3, 1, 0])));
    await send(cumulative(since(40, 20, [3, 1, 0])));
    await send(cumulative(since(40, 10, [3, 1, 5])));
    expect(await counted()).toEqual({
      "GET /users/:id | 2026-11-22T09:59:50Z | ok": 1,
      "GET /users/:id | 2026-11-22T10:00:00Z | ok": 3,
      "GET /users/:id | 2026-11-22T10:00:10Z | ok": 5,
    });
  });

  test("the first point of a process that began long ago is where counting begins", async () => {
    await send(cumulative(since(90_000, 30, [1_000, 0, 0])));
    expect(await total()).toBe(0);
    await send(cumulative(since(90_000, 20, [1_002, 0, 0])));
    expect(await total()).toBe(2);
  });

  test("an endpoint that such a process serves for the first time counts whole", async () => {
    await send(cumulative(since(90_000, 30, [1_000, 0, 0])));
    const first = since(90_000, 20, [7, 0, 0], { attributes: attributes({ ...GET_USER, "http.route": "/new" }) });
    await send(cumulative(since(90_000, 20, [1_000, 0, 0]), first));
    expect(await counted()).toEqual({ "GET /new | 2026-11-22T10:00:00Z | ok": 7 });
  });

  test("a process that starts again counts from its start; two under one name are told apart", async () => {
    await send(cumulative(since(50, 40, [10, 0, 0]), since(49, 40, [100, 0, 0])));
    await send(cumulative(since(50, 30, [11, 0, 0])));
    await send(cumulative(since(49, 30, [102, 0, 0])));
    await send(cumulative(since(25, 20, [4, 0, 0])));
    expect(await total()).toBe(11 + 102 + 4);
  });

  test("points out of order count once; the late one adds nothing", async () => {
    await send(cumulative(since(40, 30, [1, 0, 0])));
    await send(cumulative(since(40, 10, [9, 0, 0])));
    await send(cumulative(since(40, 20, [5, 0, 0])));
    await send(cumulative(since(40, 0, [10, 0, 0]), since(40, 5, [9, 0, 0])));
    expect(await total()).toBe(10);
  });

  test("a count that goes down without a new start is not guessed at: counting begins again there", async () => {
    await send(cumulative(since(40, 30, [9, 0, 0])));
    expect(await send(cumulative(since(40, 20, [4, 0, 0])))).toMatchObject({ rejected: 1 });
    await send(cumulative(since(40, 10, [6, 0, 0])));
    expect([await total(), await lost()]).toEqual([9 + 2, { unreadable: 1 }]);
  });

  test("two servers at once, each with all points in any order: nothing is counted twice", async () => {
    const other = openDb(database.url, 5);
    const exports = Array.from({ length: 12 }, (_, at) => cumulative(since(130, 120 - at * 10, [(at + 1) * 3, at, 0])));
    await send(exports[0]!);
    const all = exports.flatMap((body) => [sendMetrics(context, body), sendMetrics({ ...context, db: other }, body)]);
    expect(new Set((await Promise.all(all)).map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(KEPT)]),
    );
    await other.$disconnect();
    expect(await total()).toBe(36 + 11);
  });

  test("a part that fails leaves the last points as they were, so that the repeat counts", async () => {
    const body = cumulative(since(40, 30, [1, 2, 3]));
    await database.db.$executeRaw`ALTER TABLE batch RENAME TO batch_away`;
    expect(typeof (await send(body))).toBe("string");
    await database.db.$executeRaw`ALTER TABLE batch_away RENAME TO batch`;
    expect(await send(body)).toEqual(KEPT);
    expect(await total()).toBe(6);
  });
});

describe("metrics beside spans", () => {
  const spans = tracesOf([{}]);
  const points = metricsOf({ points: [pointOf([1, 2, 0])] });

  test("spans win while they come, and metrics count again an hour later", async () => {
    expect(await sendTraces(context, spans)).toEqual(KEPT);
    expect(await send(points)).toEqual(KEPT);
    expect(await total()).toBe(1);
    const clock = new FakeClock(OTLP_NOW + 3_700_000);
    expect(await send(points, {}, { clock })).toEqual(KEPT);
    expect(await total()).toBe(4);
  });

  test("what spans counted does not come again with the first difference after them", async () => {
    await send(cumulative(since(40, 30, [1, 0, 0])));
    await sendTraces(context, spans);
    await send(cumulative(since(40, 20, [900, 0, 0])));
    await send(cumulative(since(40, 15, [901, 0, 0])), { "tailfill-requests": "traces" });
    const clock = new FakeClock(OTLP_NOW + 3_700_000);
    await send(cumulative(since(40, -3_600, [903, 0, 0])), {}, { clock });
    expect(await total()).toBe(1 + 1 + 2);
  });

  test("who sends the metrics of both conventions is counted by the stable one", async () => {
    const body = (name: string, unit: string) => metricsOf({ name, unit, points: [pointOf([1, 0, 0])] });
    const both = [body("http.server.duration", "ms"), body("http.server.request.duration", "s")] as {
      resourceMetrics: object[];
    }[];
    await send({ resourceMetrics: both.flatMap(({ resourceMetrics }) => resourceMetrics) });
    expect(await total()).toBe(1);
  });

  test("of another environment they do not", async () => {
    await sendTraces(context, tracesOf([{}], { ...SHOP, "deployment.environment.name": "staging" }));
    await send(points);
    expect(await counted()).toMatchObject({ "GET /users/:id | 2026-11-22T10:00:10Z | ok": 3 });
  });

  test("the sender may say which", async () => {
    const metrics = { "tailfill-requests": "metrics" };
    await sendTraces(context, spans, metrics);
    await send(points, metrics);
    expect(await total()).toBe(3);
    await send(metricsOf({ points: [pointOf([5, 0, 0])] }), { "tailfill-requests": "traces" });
    expect(await total()).toBe(3);
    expect(await send(points, { "tailfill-requests": "both" })).toBe("bad_request");
  });
});

describe("how coarse it is", () => {
  const days = async () =>
    (await database.db.otlpCoarse.findMany()).map(({ errorPercent, aboveUs, belowUs }) => [
      Math.round(errorPercent),
      aboveUs,
      belowUs,
    ]);

  test("is noted by service and day: the widest bucket that was used", async () => {
    await send(metricsOf({ points: [pointOf([1, 0, 0])] }));
    expect(await days()).toEqual([]);
    await send(metricsOf({ points: [pointOf([1, 1, 1])] }));
    expect(await days()).toEqual([[908, 100_000, 1_000_000]]);
    await send(metricsOf({ points: [pointOf([0, 5, 0])] }));
    expect(await days()).toEqual([[908, 100_000, 1_000_000]]);
  });

  test("of fine exponential buckets and of spans nothing is said", async () => {
    const { bucketCounts: _, explicitBounds: __, ...rest } = pointOf([2]) as Record<string, unknown>;
    const positive = { offset: -1000, bucketCounts: [2] };
    await send(metricsOf({ exponential: true, points: [{ ...rest, scale: 7, positive }] }));
    expect(await days()).toEqual([]);
    await send(
      metricsOf({ exponential: true, points: [{ ...rest, scale: 3, positive: { offset: -10, bucketCounts: [2] } }] }),
    );
    expect(await days()).toEqual([[10, 0, null]]);
  });
});

test("the answer of a range says how coarse its percentiles are; of a day without buckets it says nothing", async () => {
  await send(metricsOf({ points: [pointOf([1, 1, 0])] }));
  await new Folder(database.db).fold();
  const asked = (from: string, to: string, question = {}) =>
    overview(database.db, parseQuestion("overview", new URLSearchParams({ from, to, ...question })), OTLP_NOW);
  const today = ["2026-11-22T09:00:00Z", "2026-11-22T11:00:00Z"] as const;
  const coarse = { errorPercent: expect.closeTo(907.8, 1), aboveUs: 100_000, belowUs: null };
  expect((await asked(...today)).coarse).toEqual(coarse);
  expect((await asked(...today, { service: "shop", environment: "production" })).coarse).toEqual(coarse);
  expect((await asked(...today, { service: "shop", environment: "staging" })).coarse).toBeUndefined();
  expect((await asked("2026-11-21T22:00:00Z", "2026-11-22T00:00:00Z")).coarse).toBeUndefined();
});
