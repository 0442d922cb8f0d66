import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { addPayload, indexOf, newCounts } from "@/lib/histogram";
import { INSIDE } from "@/lib/sdk/src/client-inside";
import { followRequests } from "@/lib/sdk/src/context";
import { statementId } from "@/lib/sdk/src/database/statement-id";
import { beginStatement } from "@/lib/sdk/src/database/statement";
import { markExpected } from "@/lib/sdk/src/database/stopped";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { wasKilled } from "@/lib/sdk/src/guard/killed";
import { wrap } from "@/lib/sdk/src/wrap";
import { decodeTrustedBatch, type InsightReport, OTHER_STATEMENTS_ID } from "@/lib/wire/index";
import { runningClient } from "../support/running";
import { StubServer } from "../support/stub-server";

let stub: StubServer;
let running: ReturnType<typeof runningClient>;

beforeAll(() => {
  markTapped();
  followRequests();
});
beforeEach(async () => {
  stub = await StubServer.start();
  running = runningClient(stub.url);
});
afterEach(async () => {
  await running.client.stop();
  await stub.stop();
});

/** A statement of the work under way, answered at once. */
const ask = (text: string, failed = false) => beginStatement(text, "postgresql")?.end(1, failed);
const job = (name: string, run: () => void) => wrap(run, { endpoint: name, client: running.client })();

/** The batches that came. */
const batches = () =>
  stub.received.filter(({ url }) => url.endsWith("/ingest")).map(({ body }) => decodeTrustedBatch(gunzipSync(body)));

/** What came: how many samples each series has, and which values they are, as `method route outcome`. */
async function series(): Promise<Record<string, number>> {
  await running.client.flush();
  const found: Record<string, number> = {};
  for (const { method, route, outcomes } of batches().flatMap(({ endpoints }) => endpoints)) {
    for (const [outcome, payload] of Object.entries(outcomes))
      found[`${method} ${route} ${outcome}`] =
        (found[`${method} ${route} ${outcome}`] ?? 0) + addPayload(newCounts(), payload);
  }
  return found;
}

async function reports(): Promise<InsightReport[]> {
  await running.client.flush();
  return stub.received
    .filter(({ url }) => url.endsWith("/insight/report"))
    .map(({ body }) => JSON.parse(gunzipSync(body).toString("utf8")) as InsightReport);
}

test("each request has a sample of its time at the database, of the rest, of its number of statements, and one a statement", async () => {
  job("mail", () => {
    ask("select 1");
    ask("select 2");
    ask("insert into t values (1)", true);
  });
  job("mail", () => undefined);
  const select = statementId("select ?");
  const insert = statementId("insert into t values (?)");
  expect(await series()).toEqual({
    "JOB mail ok": 2,
    "(database) JOB mail ok": 2,
    "(rest) JOB mail ok": 2,
    "(statements) JOB mail ok": 2,
    [`(statement) ${select} JOB mail ok`]: 2,
    [`(statement) ${insert} JOB mail server_error`]: 1,
  });
});

test("numbers of statements are exact, those of no statement included", async () => {
  for (const count of [0, 3, 3, 120]) job("mail", () => Array.from({ length: count }, () => ask("select 1")));
  await running.client.flush();
  const [batch] = batches();
  const statements = batch!.endpoints.find(({ method }) => method === "(statements)");
  const counts = newCounts();
  addPayload(counts, statements!.outcomes.ok!);
  expect([counts[indexOf(0)], counts[indexOf(3)], counts[indexOf(120)]]).toEqual([1, 2, 1]);
});

test("what the time at the database and the rest add up to is the latency", async () => {
  job("mail", () => ask("select 1"));
  const told: [string, number][] = [];
  const { client } = running;
  client[INSIDE].statements.add({ method: "GET", route: "/", outcome: "ok", latencyUs: 5_000 }, undefined, { user: 1 });
  await client.flush();
  for (const { endpoints } of batches()) {
    for (const { method, route, outcomes } of endpoints) {
      const counts = newCounts();
      addPayload(counts, outcomes.ok!);
      if (route === "GET /") told.push([method, counts.findIndex((count) => count > 0)]);
    }
  }
  expect(told).toEqual([
    ["(database)", indexOf(0)],
    ["(rest)", indexOf(5_000)],
    ["(statements)", indexOf(0)],
  ]);
});

test("the text of each statement is told once, and again after an hour", async () => {
  for (const name of ["mail", "mail", "report"]) job(name, () => ask("select 1"));
  expect((await reports()).map(({ statements }) => statements)).toEqual([
    [{ id: statementId("select ?"), text: "select ?" }],
  ]);
  job("mail", () => ask("select 1"));
  await running.clock.advance(3_700_000);
  const told = (await reports()).flatMap(({ statements = [] }) => statements);
  // The clock runs on while a report is under way: it may be taken for lost, and be sent again.
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual(told.map(() => ({ id: statementId("select ?"), text: "select ?" })));
});

test("of one endpoint twenty statements are told apart; the rest are one more, and none is lost", async () => {
  job("mail", () => {
    for (let n = 0; n < 30; n++) ask(`select ${"a".repeat(n + 1)} from t`);
  });
  job("report", () => ask("select b from t"));
  const found = Object.entries(await series()).filter(([name]) => name.startsWith("(statement)"));
  const other = found.find(([name]) => name.includes(OTHER_STATEMENTS_ID));
  expect(other).toEqual([`(statement) ${OTHER_STATEMENTS_ID} JOB mail ok`, 10]);
  expect(found.reduce((sum, [, count]) => sum + count, 0)).toBe(31);
  expect(found).toHaveLength(22);
});

test("a million statements of one job take no million steps at its end", async () => {
  const times = 1_000_000;
  job("mail", () => {
    for (let n = 0; n < times; n++) ask("select 1");
  });
  expect((await series())[`(statement) ${statementId("select ?")} JOB mail ok`]).toBe(times);
});

test("a statement that is answered after its request is over is told then, with all of its time, and once", async () => {
  let late: ReturnType<typeof beginStatement>;
  job("mail", () => {
    ask("select 1");
    late = beginStatement("select 2 from slow", "postgresql");
  });
  const slow = statementId("select ? from slow");
  expect((await series())[`(statement) ${slow} JOB mail ok`]).toBeUndefined();
  late!.end(1);
  late!.end(1);
  const found = await series();
  expect(found[`(statement) ${slow} JOB mail ok`]).toBe(1);
  expect(found[`(statement) ${statementId("select ?")} JOB mail ok`]).toBe(1);
  expect(found["(database) JOB mail ok"]).toBe(1);
});

test("a statement that was stopped is told with the request that asked for it, also when that is over by then", async () => {
  let late: ReturnType<typeof beginStatement>;
  const sendMail = (_to: string) => {
    const first = beginStatement("select 1 from slow", "postgresql")!;
    first.pid = 42;
    first.fail({ code: "57014", message: "canceling statement due to user request" });
    beginStatement("select 2 from refused", "postgresql")?.fail({ code: "42P01", message: "no such table" });
    late = beginStatement("select 3 from slower", "postgresql");
  };
  wrap(sendMail, { endpoint: "mail", client: running.client, user: (to) => to })("ada");
  late!.fail({ code: "57014", message: "canceling statement due to statement timeout" });
  const stops = (await reports()).flatMap((report) => report.stops ?? []);
  const asked = { endpoint: "JOB mail", user: "ada", traceId: null, code: "57014", budgetMs: null };
  expect(stops).toMatchObject([
    { ...asked, by: "other", pid: 42, statement: "select ? from slow" },
    { ...asked, by: "timeout", pid: null, statement: "select ? from slower" },
  ]);
});

test("wasKilled knows where a statement came from that a guard elsewhere has stopped", () => {
  const error = Object.assign(new Error("canceling statement due to user request"), { code: "57014" });
  job("mail", () => beginStatement("select 1", "postgresql")?.fail(error));
  expect(wasKilled(new Error("wrapped", { cause: error }))?.endpoint).toBe("JOB mail");
});

test("the slowest requests are told with what their time went to, and whose they were", async () => {
  const { statements } = running.client[INSIDE];
  const req = { headers: { traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01` } } as unknown as IncomingMessage;
  const ended = (latencyUs: number) => ({ method: "GET", route: "/report", outcome: "ok" as const, latencyUs });
  for (let ms = 1; ms <= 8; ms++) statements.add(ended(ms * 1_000), undefined, { user: ms, req });
  job("mail", () => ask("select 1"));
  const told = (await reports()).flatMap(({ requests = [] }) => requests);
  const slow = told.filter(({ endpoint }) => endpoint === "GET /report");
  expect(slow.map(({ latencyUs, user }) => [latencyUs, user])).toEqual(
    [4, 5, 6, 7, 8].map((ms) => [ms * 1_000, `${ms}`]),
  );
  expect(slow[0]).toMatchObject({ traceId: "ab".repeat(16), outcome: "ok", databaseUs: 0, statements: 0, slowest: [] });
  const [mail] = told.filter(({ endpoint }) => endpoint === "JOB mail");
  expect(mail).toMatchObject({
    user: null,
    traceId: null,
    statements: 1,
    slowest: [{ statement: "select ?", count: 1 }],
  });
});

test("a count that was given little time, and took it, is no news", async () => {
  const error = { code: "57014", message: "canceling statement due to statement timeout" };
  job("mail", () => {
    beginStatement("select count(*) from t", "postgresql")?.fail(error);
    markExpected(error);
  });
  expect((await reports()).flatMap(({ stops = [] }) => stops)).toEqual([]);
});
