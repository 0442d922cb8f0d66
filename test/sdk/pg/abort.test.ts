import { request } from "node:http";
import express from "express";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { wasKilled } from "@/lib/sdk/src/guard/index";
import { tailfillPool, type TapOptions } from "@/lib/sdk/src/pg/index";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { serve } from "../adapters/http";
import { recordingClient, type RecordingClient } from "../adapters/recording-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

interface Host {
  pool: pg.Pool;
  client: RecordingClient;
  /** Asks for it, leaves when `text` runs, and gives what the handler got. */
  leave(path: string, text: string, then?: () => Promise<unknown>): Promise<unknown>;
}

/** An app whose handlers get a connection; what they throw, or `done`, is kept. */
async function host(
  cancelOnAbort: TapOptions["cancelOnAbort"],
  handle: (to: pg.PoolClient) => Promise<unknown>,
  options: pg.PoolConfig = {},
): Promise<Host> {
  const pool = tailfillPool(new pg.Pool({ connectionString: database.url, max: 1, ...options }), { cancelOnAbort });
  cleanup.push(() => pool.end());
  const client = recordingClient();
  let settle: (outcome: unknown) => void;
  const app = express().use(tailfill(client));
  app.get(["/report", "/other"], async (_req, res) => {
    const connection = await pool.connect();
    const outcome = await handle(connection).then(
      () => "done",
      (error: unknown) => error,
    );
    connection.release();
    settle(outcome);
    res.end("late");
  });
  const { port, close } = await serve(app);
  cleanup.push(close);
  const leave: Host["leave"] = async (path, text, then) => {
    const outcome = new Promise((resolve) => (settle = resolve));
    const asked = request({ port, path }).on("error", () => undefined);
    asked.end();
    await until(`${text} runs`, () => runs(text));
    asked.destroy();
    await until("it is counted", () => client.samples.length === 1);
    await then?.();
    return outcome;
  };
  return { pool, client, leave };
}

async function runs(text: string): Promise<boolean> {
  const found = await database.db.$queryRaw<unknown[]>`
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND query LIKE ${`%${text}`} AND pid <> pg_backend_pid()`;
  return found.length > 0;
}

const SLEEP = "select pg_sleep(60)";
/** What may not be cancelled ends when the test says so. */
const GATE = "pg_advisory_xact_lock_shared(77)";

/** Holds the gate. Gives what opens it. */
async function closedGate(): Promise<() => Promise<unknown>> {
  const holder = new pg.Client(database.url);
  await holder.connect();
  cleanup.push(() => holder.end());
  await holder.query("select pg_advisory_lock(77)");
  return () => holder.query("select pg_advisory_unlock(77)");
}

/** A signal that was sent before has arrived by then: it takes no more than this does. */
async function whenSignalsArrived(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    const other = new pg.Client(database.url);
    await other.connect();
    await other.query("select 1");
    await other.end();
  }
}

describe("when the client leaves, the statement that runs for it is cancelled", () => {
  const asks: [string, (to: pg.PoolClient) => Promise<unknown>][] = [
    ["a text", (to) => to.query(SLEEP)],
    ["values", (to) => to.query("select pg_sleep($1::int), 'values'", [60])],
    [
      "in a transaction",
      (to) =>
        to
          .query("begin")
          .then(() => to.query(SLEEP))
          .finally(() => void to.query("rollback")),
    ],
    [
      "pg's own query",
      (to) => new Promise((resolve, reject) => to.query(new pg.Query(SLEEP)).on("error", reject).on("end", resolve)),
    ],
  ];
  test.each(asks)("%s", async (name, ask) => {
    const { pool, client, leave } = await host(true, ask);
    const error = await leave("/report", name === "values" ? "'values'" : SLEEP);
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect(wasKilled(error)).toMatchObject({
      by: "abort",
      endpoint: expect.stringContaining("/report"),
      code: "57014",
    });
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect(client.samples).toMatchObject([{ outcome: "aborted" }]);
    expect(client.errors).toEqual([]);
  });
});

describe("left alone is", () => {
  const alone: [string, TapOptions["cancelOnAbort"], (to: pg.PoolClient) => Promise<unknown>, pg.PoolConfig?][] = [
    ["everything, by default", undefined, (to) => to.query(`select ${GATE}`)],
    ["an endpoint that is not among those", { endpoints: ["GET /else"] }, (to) => to.query(`select ${GATE}`)],
    ["a write", true, (to) => to.query(`with w as (insert into service (name) values ('w')) select ${GATE}`)],
    [
      "a read of a transaction that has written",
      true,
      async (to) => {
        await to.query("begin");
        await to.query("insert into service (name) values ('x')");
        await to.query(`select ${GATE}`);
        await to.query("commit");
      },
    ],
    ["nokill", true, (to) => to.query(`/* nokill */ select ${GATE}`)],
    ["several in one text", true, (to) => to.query(`select 1; select ${GATE}`)],
    ["what is no read", true, (to) => to.query(`do $$ begin perform ${GATE}; end $$`).then(() => undefined)],
    ["a migration", true, (to) => to.query(`select ${GATE}`), { application_name: "prisma-migrate" }],
  ];
  test.each(alone)("%s", async (_, cancelOnAbort, ask, options) => {
    const { leave } = await host(cancelOnAbort, ask, options);
    const open = await closedGate();
    const waitsFor = ask.toString().includes("perform") ? "end $$" : GATE;
    const opened = (): Promise<unknown> => whenSignalsArrived().then(open);
    expect(await leave("/report", waitsFor, opened)).toBe("done");
  });

  test("not a write, where writes may be cancelled", async () => {
    const text = "insert into service (name) select 'y' || pg_sleep(60)";
    const { leave } = await host({ writes: true, endpoints: ["GET (/report|/other)"] }, (to) => to.query(text));
    expect(wasKilled(await leave("/report", text))).toMatchObject({ by: "abort" });
  });

  test("a request that ends as it should", async () => {
    const { client, pool } = await host(true, (to) => to.query("select 1"));
    await pool.query("select 1");
    expect(client.errors).toEqual([]);
  });
});

test("a database that does not take the request to cancel changes nothing for the app", async () => {
  const { pool, leave } = await host(true, (to) => {
    Object.assign(to, { port: 9 });
    return to.query(`select ${GATE}`);
  });
  const open = await closedGate();
  expect(await leave("/report", GATE, open)).toBe("done");
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
