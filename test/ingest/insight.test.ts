import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { IngestContext } from "@/lib/ingest/accept";
import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import { KILLS_A_DAY } from "@/lib/store/insight-kills";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { insightOf, killAt } from "../support/insight.ts";

let database: TestDatabase;
let context: IngestContext;
/** Where `ingestContext`'s clock stands. */
const NOW = Date.parse("2026-11-22T10:00:30Z");

beforeAll(async () => {
  database = await testDatabase();
  context = ingestContext(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE insight_kill, insight_statement, service CASCADE`;
});

const send = (report: unknown) => acceptInsight(requestOf(JSON.stringify(report)), context);
const kills = () => database.db.insightKill.findMany({ orderBy: { at: "asc" } });
const statements = () => database.db.insightStatement.findMany({ orderBy: { id: "asc" } });
const idOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

test("a kill is kept with the id of its statement, whose text is kept once", async () => {
  const one = killAt(NOW - 9_000);
  const other = killAt(NOW - 8_000);
  expect(await send(insightOf({ kills: [one, other] }))).toEqual({ accepted: 2, rejected: [] });
  const statementId = idOf(one.statement!);
  expect(await kills()).toMatchObject([
    {
      id: one.id,
      at: new Date(NOW - 9_000),
      action: "cancel",
      pid: 17_210n,
      ageMs: 21_274n,
      statementId,
      outcome: null,
    },
    { id: other.id, statementId },
  ]);
  expect(await statements()).toMatchObject([{ id: statementId, text: one.statement, firstAt: new Date(NOW) }]);
});

test("told again, with its outcome, before it or at once, it is kept once with the outcome", async () => {
  const one = killAt(NOW - 9_000);
  const ended = { ...one, outcome: "ended" as const, afterMs: 12 };
  await send(insightOf({ kills: [one] }));
  await send(insightOf({ kills: [ended] }));
  await send(insightOf({ kills: [one] }));
  const two = killAt(NOW - 5_000);
  await send(insightOf({ kills: [{ ...two, outcome: "gone", afterMs: 1 }, two] }));
  await Promise.all([send(insightOf({ kills: [one, two] })), send(insightOf({ kills: [two, one] }))]);
  expect(await kills()).toMatchObject([
    { id: one.id, outcome: "ended", afterMs: 12n },
    { id: two.id, outcome: "gone", afterMs: 1n },
  ]);
});

test("a bad entry is refused alone, with its path and reason", async () => {
  const good = killAt(NOW);
  const answer = await send(
    insightOf({
      kills: [
        killAt(NOW + 700_000),
        good,
        killAt(NOW - 49 * 3_600_000),
        killAt(NOW, { action: "murder" as never }),
        killAt(NOW, { id: "1" }),
      ],
      statements: [
        { id: "0123456789abcdef", text: "select ?" },
        { id: "x", text: "select" },
      ],
    }),
  );
  expect(answer.accepted).toBe(2);
  expect(answer.rejected.map(({ path }) => path).toSorted()).toEqual([
    "kills[0]",
    "kills[2]",
    "kills[3]",
    "kills[4]",
    "statements[1]",
  ]);
  expect(answer.rejected.find(({ path }) => path === "kills[0]")?.reason).toBe("id: is more than 10 minutes ahead");
  expect(await kills()).toHaveLength(1);
  expect(await statements()).toHaveLength(2);
});

test("a text that PostgreSQL cannot hold, and one too long, are kept as near as can be", async () => {
  await send(insightOf({ statements: [{ id: "00000000000000aa", text: `select \0 \uD800${"x".repeat(3_000)}` }] }));
  const [kept] = await statements();
  expect(kept?.text).toBe(`select \uFFFD \uFFFD${"x".repeat(2_000 - 10)}`);
});

test("what is no report is refused as a whole", async () => {
  await expect(send({ v: 2, service: "shop" })).rejects.toMatchObject({ code: "bad_request" });
  await expect(send(insightOf({ kills: {} as never }))).rejects.toMatchObject({ code: "bad_request" });
  expect(await database.db.service.count()).toBe(0);
});

test("a guard gone mad fills no disk: more than so many in a day are refused, and said to be", async () => {
  await send(insightOf({ kills: [killAt(NOW)] }));
  const { id: scopeId } = await database.db.endpoint.findFirstOrThrow({ where: { total: true } });
  await database.db.$executeRaw`
    INSERT INTO insight_kill (scope_id, at, id, action, pid, reason, detail, rule)
    SELECT ${scopeId}::int, ${new Date(NOW - 1_000)}, gen_random_uuid(), 'spare', 1, 'write', 'it writes', 'over'
    FROM generate_series(1, ${KILLS_A_DAY - 2}::int)`;
  const answer = await send(insightOf({ kills: [killAt(NOW - 3), killAt(NOW - 2)] }));
  expect(answer).toEqual({
    accepted: 1,
    rejected: [{ path: "kills[1]", reason: `at most ${KILLS_A_DAY} are kept of a service in 24 h` }],
  });
});
