import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { followRequests } from "@/lib/sdk/src/context";
import { beginStatement } from "@/lib/sdk/src/database/statement";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { repeatedStatements } from "@/lib/sdk/src/repeats/process-repeats";
import { readTrials } from "@/lib/sdk/src/trials/options";
import { RunningTrial } from "@/lib/sdk/src/trials/running-trial";
import { tellTrial } from "@/lib/sdk/src/trials/trial-report";
import { wrap } from "@/lib/sdk/src/wrap";
import type { InsightReport, RepeatReport } from "@/lib/wire/index";
import { INSIGHT_ENTRIES } from "@/lib/wire/insight-schema";
import { runningClient } from "../../support/running";
import { StubServer } from "../../support/stub-server";

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

/** A list, then one statement for each of its rows. */
const feed = wrapped((rows: number) => {
  beginStatement("select id from post", "postgresql")?.end(rows);
  for (let id = 0; id < rows; id++)
    beginStatement("select name from author where id = $1", "postgresql", undefined, [id])?.end(1);
});

function wrapped(run: (rows: number) => void) {
  return (rows: number) => wrap(run, { endpoint: "feed", client: running.client })(rows);
}

async function told<Section extends "repeats" | "trials">(section: Section) {
  await running.client.flush();
  const reports = stub.received
    .filter(({ url }) => url.endsWith("/insight/report"))
    .map(({ body }) => JSON.parse(gunzipSync(body).toString("utf8")) as InsightReport);
  stub.received.length = 0;
  const entries = reports.flatMap((report): readonly object[] => report[section] ?? []);
  for (const entry of entries) expect(INSIGHT_ENTRIES[section].safeParse(entry).error).toBeUndefined();
  return entries;
}

test("nothing is told of what never repeats", async () => {
  for (let at = 0; at < 5; at++) feed(4);
  expect(await told("repeats")).toEqual([]);
});

test("the sums of the hour by now, told when they have changed; each hour has its own", async () => {
  feed(6);
  feed(3);
  expect(await told("repeats")).toMatchObject([
    {
      hour: "2026-11-22T10:00:00.000Z",
      endpoint: "JOB feed",
      statement: "select name from author where id = ?",
      requests: 2,
      affected: 1,
      n: 9,
      nn: 45,
      rows: 9,
      distinct: 9,
      parents: [{ statement: "select id from post", requests: 2, rows: 9, exact: 2 }],
      fixes: { n_plus_one: "select id, name from author where id = any($1)" },
    },
  ]);
  expect(await told("repeats")).toEqual([]);
  feed(8);
  expect(await told("repeats")).toMatchObject([{ requests: 3, affected: 2 }]);
  feed(1);
  running.clock.jump(3_600_000);
  feed(7);
  const hours = (await told("repeats")) as RepeatReport[];
  expect(hours.map(({ hour, requests }) => [hour.slice(11, 13), requests])).toEqual([
    ["10", 4],
    ["11", 1],
  ]);
  expect(repeatedStatements({ client: running.client, all: true })).toMatchObject([{ requests: 5, affected: 3 }]);
});

test("no more statements are followed than there is room for, and what is followed goes on", async () => {
  for (let at = 0; at < 600; at++) {
    wrap(
      () => {
        for (let n = 0; n < 5; n++)
          beginStatement(`select c${at} from t where id = $1`, "postgresql", undefined, [n])?.end(1);
      },
      { endpoint: "many", client: running.client },
    )();
  }
  expect(repeatedStatements({ client: running.client, all: true })).toHaveLength(500);
  expect(await told("repeats")).toHaveLength(500);
});

test("a trial is told by the hour, by the client of its first request", async () => {
  const { trials } = readTrials([{ op: "Post.findMany", name: "feed" }]);
  const trial = new RunningTrial(trials[0]!, () => undefined);
  const sample = {
    assigned: "join",
    ran: "join",
    size: 0,
    durationUs: 900,
    databaseUs: 500,
    statements: 1,
    records: 3,
  } as const;
  tellTrial(trial, running.client);
  tellTrial(trial, running.client);
  expect(await told("trials")).toEqual([]);
  const now = running.clock.wallMs();
  trial.add({ ...sample, failed: false }, now);
  trial.checked("same");
  trial.add({ ...sample, failed: true }, now + 3_600_000);
  expect(await told("trials")).toMatchObject([
    { hour: "2026-11-22T10:00:00.000Z", trial: "feed", checks: { same: 1 }, cells: [{ requests: 1, errors: 0 }] },
    { hour: "2026-11-22T11:00:00.000Z", checks: { same: 0 }, cells: [{ requests: 0, errors: 1 }] },
  ]);
  expect(trial.checks).toEqual({ same: 1, different: 0, skipped: 0 });
  expect(trial.analysis()).toMatchObject({ requests: { join: 1, query: 0 }, errors: { join: 1, query: 0 } });
});
