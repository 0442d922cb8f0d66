import express from "express";
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { tailfill as tailfillFastify } from "@/lib/sdk/src/adapters/fastify";
import { expectStatements } from "@/lib/sdk/src/database/expect";
import { onStatements, statementsOf, type EndedRequest } from "@/lib/sdk/src/database/listeners";
import { attributed, beginStatement } from "@/lib/sdk/src/database/statement";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { until } from "@/test/support/until";
import { ask, serve } from "../../adapters/http";
import { recordingClient } from "../../adapters/recording-client";
import { apps, type App } from "../../cache/requests/apps";

let ended: EndedRequest[];
const cleanup: (() => unknown)[] = [];
beforeEach(() => {
  markTapped();
  ended = [];
  cleanup.push(onStatements((request) => ended.push(request)));
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** A database that answers after some turns. */
async function statement(text: string): Promise<void> {
  const running = beginStatement(text, "postgresql");
  await new Promise(setImmediate);
  running?.end(1);
}

describe.each(Object.entries(apps) as [string, App][])("requests of %s", (_, app) => {
  let port: number;
  let sent: string[];
  beforeEach(async () => {
    sent = [];
    const visit = async (count: string): Promise<unknown> => {
      for (let n = 0; n < Number(count); n++) await statement(`select ${n}`);
      sent.push(attributed("select 1", "User.count"));
      return statementsOf();
    };
    const host = await serve(await app.build(recordingClient(), visit));
    cleanup.push(() => host.close());
    port = host.port;
  });

  test("have their own statements, while they run and when they are over, side by side", async () => {
    const counts = [0, 1, 2, 3, 4, 5, 6, 7];
    const answers = await Promise.all(counts.map((count) => ask(port, { path: `/visit?user=${count}` })));
    expect(answers.map(({ body }) => (JSON.parse(body) as { count: number }).count)).toEqual(counts);
    await until("all are told", () => ended.length === counts.length);
    expect(ended.map(({ statements }) => statements.count).toSorted((a, b) => a - b)).toEqual(counts);
    expect(ended[0]).toMatchObject({ method: "GET", route: "/visit", outcome: "ok", latencyUs: expect.any(Number) });
    expect(statementsOf()).toBeUndefined();
  });

  test("have them also when they were read from a body", async () => {
    const headers = { "content-type": "application/json" };
    const { body } = await ask(port, { method: "POST", path: "/visit", headers, body: '{"user":"2"}' });
    expect(JSON.parse(body)).toMatchObject({
      count: 2,
      byFingerprint: [{ fingerprint: "select ?", count: 2, rows: 2 }],
    });
  });

  test("tell their statements the route, by its template", async () => {
    await ask(port, { path: "/visit?user=0" });
    expect(sent).toEqual(["/*tf:route=GET%20%2Fvisit,op=User.count*/ select 1"]);
  });
});

test("Express: no route before the router has matched, and its template afterwards", async () => {
  const sent: string[] = [];
  const app = express();
  app.use(tailfill(recordingClient()));
  app.use("/users", (_req, _res, next) => {
    sent.push(attributed("select 1", "Session.findUnique"));
    next();
  });
  const users = express.Router();
  users.get("/:id", (_req, res) => {
    sent.push(attributed("select 2"));
    res.end();
  });
  app.use("/users", users);
  const host = await serve(app);
  cleanup.push(() => host.close());
  await ask(host.port, { path: "/users/42" });
  expect(sent).toEqual(["/*tf:op=Session.findUnique*/ select 1", "/*tf:route=GET%20%2Fusers%2F%3Aid*/ select 2"]);
});

test("a request that two services count is told once", async () => {
  const app = express();
  app.use(tailfill(recordingClient())).use(tailfill(recordingClient()));
  app.get("/", (_req, res) => void statement("select 1").then(() => res.end()));
  const host = await serve(app);
  cleanup.push(() => host.close());
  await ask(host.port, { path: "/" });
  await ask(host.port, { path: "/" });
  await until("both are told", () => ended.length === 2);
  expect(ended.map(({ statements }) => statements.count)).toEqual([1, 1]);
});

test("Fastify: a test that injects a request expects its statements", async () => {
  const app = Fastify();
  await app.register(tailfillFastify, recordingClient());
  app.get("/", () => statement("select 1"));
  const inject = async () => expect((await app.inject("/")).statusCode).toBe(200);
  await expectStatements(1, inject);
  await expect(expectStatements(0, inject)).rejects.toThrow("1 × select ?");
  expect(ended.map(({ statements }) => statements.count)).toEqual([1, 1]);
});
