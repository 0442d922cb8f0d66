import { afterEach, beforeEach, expect, test } from "vitest";
import { gunzipSync } from "node:zlib";
import { INSIDE } from "@/lib/sdk/src/client-inside";
import { KillReporter } from "@/lib/sdk/src/guard/kill-reporter";
import { recordOf } from "@/lib/sdk/src/guard/record";
import type { InsightReport } from "@/lib/wire/index";
import { runningClient } from "../support/running";
import { accept, StubServer } from "../support/stub-server";
import { session } from "./sessions";

let stub: StubServer;
let running: ReturnType<typeof runningClient>;

beforeEach(async () => {
  stub = await StubServer.start();
  running = runningClient(stub.url);
});
afterEach(async () => {
  await running.client.stop();
  await stub.stop();
});

const AT = "2026-11-22T10:00:00.000Z";
const record = () =>
  recordOf("cancel", session({ pid: 7, text: "/*tf:route=GET%20%2Freport,op=all*/ select 42" }), "over_limit", {
    dialect: "postgresql",
    rule: "over 20000 ms",
    at: AT,
  });
const told = () =>
  stub.received.flatMap(({ body }) => (JSON.parse(gunzipSync(body).toString("utf8")) as InsightReport).kills ?? []);

test("the server has the record before the signal is sent, and its outcome afterwards, under one id", async () => {
  const reporter = new KillReporter(running.client[INSIDE].insight);
  const one = record();
  await reporter.before(one);
  expect(told()).toMatchObject([
    { action: "cancel", pid: 7, endpoint: "GET /report", op: "all", statement: "select ?", outcome: null },
  ]);
  reporter.outcome({ at: AT, pid: 7, outcome: "ended", afterMs: 12, record: one });
  await reporter.flush();
  const [before, after] = told();
  expect(after).toEqual({ ...before, outcome: "ended", afterMs: 12 });
  expect(Number.parseInt(before!.id.slice(0, 8) + before!.id.slice(9, 13), 16)).toBe(Date.parse(AT));
});

test("a server that does not answer holds a signal up for a second at most; it is told later", async () => {
  const held: (() => void)[] = [];
  stub.answer = (res) => void held.push(() => accept(res));
  const reporter = new KillReporter(running.client[INSIDE].insight);
  let isOver = false;
  const before = reporter.before(record()).then(() => (isOver = true));
  await expect.poll(() => held.length).toBe(1);
  await running.clock.advance(999);
  expect(isOver).toBe(false);
  await running.clock.advance(1);
  await before;
  for (const answer of held) answer();
});

test("a server that is gone holds nothing up", async () => {
  await stub.stop();
  await new KillReporter(running.client[INSIDE].insight).before(record());
  stub = await StubServer.start();
});
