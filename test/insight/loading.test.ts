import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import { insightRepeats } from "@/lib/insight/repeats";
import { insightTrials } from "@/lib/insight/trials";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { parseQuestion } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { deleteLoading } from "@/lib/store/insight-loading";
import { ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { insightOf } from "../support/insight.ts";
import { CHILD, HOUR, repeatsOf as repeats, trialOf as trial } from "../support/loading.ts";
import { store } from "../support/stored.ts";

let database: TestDatabase;
/** Where `ingestContext`'s clock stands. */
const NOW = Date.parse("2026-11-22T10:00:30Z");
const PLACE = { service: "shop", environment: "production" };

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
  await store(
    database.db,
    batchOf({ endpoints: [endpointOf({ route: "/feed", outcomes: { ok: payloadOf(5_000) }, users: [] })] }),
  );
  await new Folder(database.db).fold();
});
afterAll(() => database.drop());
beforeEach(() => database.db.$executeRaw`TRUNCATE insight_repeat, insight_trial`);

const send = (sections: object, instance = "web-1") =>
  acceptInsight(requestOf(JSON.stringify({ ...insightOf(sections), instance })), ingestContext(database.db));

const ask = async (more: Record<string, string> = {}) => {
  const range = { from: "2026-11-22T09:30:00Z", to: "2026-11-22T10:30:00Z" };
  const question = parseQuestion("insightRepeats", new URLSearchParams({ ...PLACE, ...range, ...more }));
  const answer = await insightRepeats(database.db, question, NOW);
  ANSWERS.InsightRepeats.parse(answer);
  return answer;
};

const askTrials = async () => {
  const question = parseQuestion("insightTrials", new URLSearchParams({ ...PLACE, from: "now-1h", to: "now" }));
  const answer = await insightTrials(database.db, question, NOW);
  ANSWERS.InsightTrials.parse(answer);
  return answer;
};

test("what no instance can tell alone, is told by all together, with the fix for it", async () => {
  await send({ repeats: [repeats([1, 5, 9, 13])] });
  expect(await ask()).toMatchObject({ told: true, repeats: [], repeatCount: 0 });
  expect((await ask({ all: "true" })).repeats).toMatchObject([{ kind: "unclear", fix: null }]);
  await send({ repeats: [repeats([2, 6, 8, 20, 7])] }, "web-2");
  await send({ repeats: [repeats([4], { hour: "2026-11-22T09:00:00.000Z" })] });
  const { repeats: found, repeatCount, partial, range } = await ask();
  expect(found).toMatchObject([
    {
      endpoint: { name: "GET /feed", id: expect.any(Number) as number },
      kind: "n_plus_one",
      confidence: "high",
      statement: CHILD,
      parentStatement: "select * from post limit ?",
      parentOp: "Post.findMany",
      requests: 10,
      affected: 7,
      slope: 1,
      explained: 1,
      site: "src/feed.ts:12",
      fix: "include: { author: true }",
    },
  ]);
  expect({ repeatCount, partial }).toEqual({ repeatCount: 1, partial: false });
  expect(range).toEqual({ from: "2026-11-22T09:00:00Z", to: "2026-11-22T11:00:00Z" });
});

test("an hour that is told again takes the place of what the same instance told of it", async () => {
  await send({ repeats: [repeats([1, 2, 3, 4, 5, 6, 7, 8])] });
  await send({ repeats: [repeats([1, 2, 3, 4, 5, 6, 7, 8, 9])] });
  await Promise.all([1, 2, 3].map(() => send({ repeats: [repeats([1, 2, 3, 4, 5, 6, 7, 8, 9])] })));
  expect((await ask()).repeats).toMatchObject([{ requests: 9 }]);
});

test("what is no such report is refused alone", async () => {
  const answer = await send({
    repeats: [
      repeats([5], { hour: "2026-11-22T10:30:00.000Z" }),
      repeats([5], { hour: "2026-11-22T11:00:00.000Z" }),
      repeats([5], { counts: [[500, 1]] }),
      repeats([5], {
        counts: [
          [5, 1],
          [5, 1],
        ],
      }),
      repeats([5], { n: -1 }),
      repeats([5]),
    ],
  });
  expect(answer.accepted).toBe(1);
  expect(answer.rejected.map(({ path }) => path)).toEqual([
    "repeats[0]",
    "repeats[2]",
    "repeats[3]",
    "repeats[4]",
    "repeats[1]",
  ]);
});

test("a trial's verdict is of all instances, with the code to write", async () => {
  for (const instance of ["web-1", "web-2", "web-3"]) await send({ trials: [trial(400, 2)] }, instance);
  await send({ trials: [trial(400, 2)] }, "web-3");
  expect((await askTrials()).trials).toMatchObject([
    {
      name: "feed",
      verdict: "query",
      requests: { join: 600, query: 600 },
      code: 'prisma.post.findMany({ …, relationLoadStrategy: "query" })',
      checks: { same: 9 },
      bySize: [{ size: "10–99", verdict: "query" }],
    },
  ]);
});

test("no code where answers differ; the other strategy where one was stopped", async () => {
  await send({ trials: [trial(1_000, 2, { checks: { same: 3, different: 1, skipped: 0 } })] });
  expect((await askTrials()).trials).toMatchObject([{ verdict: "query", code: null }]);
  await send({ trials: [trial(10, 1, { stopped: { strategy: "query", reason: "errors" } })] });
  expect((await askTrials()).trials).toMatchObject([
    { stopped: { strategy: "query" }, code: expect.stringContaining('"join"') as string },
  ]);
});

test("nothing is told of a service that is not there, and old hours are removed", async () => {
  const question = parseQuestion("insightRepeats", new URLSearchParams({ service: "no", environment: "no" }));
  expect(await insightRepeats(database.db, question, NOW)).toMatchObject({ told: false, repeats: [] });
  await send({ repeats: [repeats([5])], trials: [trial(4, 1)] });
  await deleteLoading(database.db, Date.parse(HOUR));
  expect(await database.db.insightRepeat.count()).toBe(1);
  await deleteLoading(database.db, Date.parse(HOUR) + 1);
  expect(await database.db.insightRepeat.count()).toBe(0);
  expect(await database.db.insightTrial.count()).toBe(0);
});
