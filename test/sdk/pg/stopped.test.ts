import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { workUnderWay } from "@/lib/sdk/src/context";
import { approximateCount, tailfillPool } from "@/lib/sdk/src/pg/index";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { wrap } from "@/lib/sdk/src/wrap";
import { PrismaClient } from "@/lib/store/generated/client";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { isExpected } from "@/lib/sdk/src/database/stopped";
import { recordingClient } from "../adapters/recording-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const BUDGET = { budgets: { "JOB quick": "50ms" } } as const;

function pooled(options: Parameters<typeof tailfillPool>[1] = BUDGET): pg.Pool {
  const pool = tailfillPool(new pg.Pool({ connectionString: database.url, max: 1 }), options);
  cleanup.push(() => pool.end());
  return pool;
}

/** What was stopped in a job of this name. */
async function stoppedIn(endpoint: string, run: () => Promise<unknown>) {
  const job = wrap(
    async () => {
      await run().catch(() => undefined);
      return workUnderWay()?.statements?.allStopped ?? [];
    },
    { endpoint, client: recordingClient() },
  );
  return job();
}

const SLEEP = "select 1 as n from pg_sleep(60)";

/** Cancels the statement that sleeps, from a connection of its own. */
async function cancelled(): Promise<void> {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  cleanup.push(() => other.end());
  const found =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND state = 'active' AND pid <> pg_backend_pid()";
  for (;;) if ((await other.query(found, ["%pg_sleep(60)%"])).rowCount) return;
}

describe("a statement is known to have been stopped", () => {
  test("by its budget, over pg, with its connection", async () => {
    const pool = pooled();
    const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    expect(await stoppedIn("quick", () => pool.query(SLEEP))).toMatchObject([
      { code: "57014", pid: rows[0]!.pid, endpoint: "JOB quick", stopped: { by: "timeout", budgetMs: 50 } },
    ]);
  });

  test.each([
    ["a callback", (to: pg.PoolClient) => new Promise((done) => to.query(SLEEP, done))],
    [
      "a query by itself",
      (to: pg.PoolClient) => new Promise((done) => to.query(new pg.Query(SLEEP)).on("error", done)),
    ],
  ])("by somebody else, in the form of %s", async (_, ask) => {
    const connection = await pooled({}).connect();
    cleanup.push(() => connection.release());
    const stopped = stoppedIn("slow", () => ask(connection));
    await cancelled();
    expect(await stopped).toMatchObject([{ code: "57014", endpoint: "JOB slow", stopped: undefined }]);
  });

  test("over Prisma, by its budget and by somebody else, once each", async () => {
    const adapter = new PrismaPg({ connectionString: database.url, max: 1 });
    const prisma = tailfillPrisma({ adapter, client: PrismaClient, ...BUDGET });
    cleanup.push(() => prisma.$disconnect());
    const ask = () => prisma.$queryRawUnsafe(SLEEP).then(() => undefined);
    expect(await stoppedIn("quick", ask)).toMatchObject([{ endpoint: "JOB quick", stopped: { by: "timeout" } }]);
    const stopped = stoppedIn("slow", ask);
    await cancelled();
    expect(await stopped).toMatchObject([{ endpoint: "JOB slow", stopped: undefined, pid: undefined }]);
  });
});

test("a refused statement was not stopped", async () => {
  const pool = pooled();
  expect(await stoppedIn("quick", () => pool.query("select * from nothing_of_that_name"))).toEqual([]);
});

test("an approximate count that took all of its time is no news", async () => {
  const pool = pooled({});
  const sleepy = "select count(*) from generate_series(1, 100) as n where pg_sleep(n.n - n.n + 1) is null";
  const stopped = await stoppedIn("count", () =>
    approximateCount(pool, sleepy, [], { approximate: false, budgetMs: 50 }),
  );
  expect(stopped).toHaveLength(1);
  expect(stopped.map(({ error }) => isExpected(error))).toEqual([true]);
});
