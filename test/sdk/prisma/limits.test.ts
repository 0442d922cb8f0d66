import { PrismaPg } from "@prisma/adapter-pg";
import express from "express";
import { request } from "node:http";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { wasKilled } from "@/lib/sdk/src/guard/index";
import { tailfillPool } from "@/lib/sdk/src/pg/index";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { wrap } from "@/lib/sdk/src/wrap";
import { PrismaClient } from "@/lib/store/generated/client";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { serve } from "../adapters/http";
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

const LIMITS = { budgets: { "JOB report": 0.05, default: "10s" }, cancelOnAbort: true };

/** By a pool of the adapter's own, by one of the app's, and by one that is wrapped. */
const ways: [string, () => PrismaClient][] = [
  [
    "an address",
    () =>
      tailfillPrisma({
        adapter: new PrismaPg({ connectionString: database.url, max: 1 }),
        client: PrismaClient,
        ...LIMITS,
      }),
  ],
  ["a pool", () => tailfillPrisma({ adapter: new PrismaPg(pool()), client: PrismaClient, ...LIMITS })],
  [
    "a wrapped pool, whose own they are",
    () => tailfillPrisma({ adapter: new PrismaPg(tailfillPool(pool(), LIMITS)), client: PrismaClient }),
  ],
];

function pool(): pg.Pool {
  const made = new pg.Pool({ connectionString: database.url, max: 1 });
  cleanup.push(() => made.end());
  return made;
}

const as = <Result>(endpoint: string, run: () => Promise<Result>): Promise<Result> =>
  wrap(async () => await run(), { endpoint, client: recordingClient() })();

describe.each(ways)("Prisma over %s", (_, make) => {
  function made(): PrismaClient {
    const prisma = make();
    cleanup.push(() => prisma.$disconnect());
    return prisma;
  }

  test("a query beyond its endpoint's budget is stopped, and says so", async () => {
    const prisma = made();
    const error = await as("report", () => prisma.$queryRaw`select 1 as n from pg_sleep(60)`).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "P2010" });
    expect(wasKilled(error)).toMatchObject({ by: "timeout", endpoint: "JOB report", budgetMs: 50 });
    expect(await prisma.$queryRaw`select current_setting('statement_timeout') as now`).toEqual([{ now: "0" }]);
  });

  test("one in a transaction, too", async () => {
    const prisma = made();
    const run = () =>
      prisma.$transaction(async (tx) => {
        await tx.service.count();
        return tx.$queryRaw`select 1 as n from pg_sleep(60)`;
      });
    const error = await as("report", run).catch((caught: unknown) => caught);
    expect(wasKilled(error)).toMatchObject({ by: "timeout", endpoint: "JOB report", budgetMs: 50 });
    expect(await as("other", () => prisma.service.count())).toBe(0);
  });

  test("models answer as they do without, and their transaction has the budget", async () => {
    const prisma = made();
    const answer = await as("other", () =>
      prisma.$transaction(async (tx) => {
        const { id } = await tx.service.create({ data: { name: "shop" } });
        const found = await tx.service.findMany({ include: { endpoints: true } });
        await tx.service.delete({ where: { id } });
        const now = await tx.$queryRaw`select current_setting('statement_timeout') as now`;
        return { found, now };
      }),
    );
    expect(answer).toMatchObject({ found: [{ name: "shop", endpoints: [] }], now: [{ now: "10s" }] });
  });

  test("a query whose client has left is cancelled, and says so", async () => {
    const prisma = made();
    let error: unknown;
    const app = express().use(tailfill(recordingClient()));
    app.get("/report", async (_req, res) => {
      error = await prisma.$queryRaw`select 1 as n, 'left' from pg_sleep(60)`.catch((caught: unknown) => caught);
      res.end();
    });
    const host = await serve(app);
    cleanup.push(() => host.close());
    const asked = request({ port: host.port, path: "/report" }).on("error", () => undefined);
    asked.end();
    await until("it runs", async () => {
      const found = await database.db.$queryRaw<unknown[]>`
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%''left''%' AND pid <> pg_backend_pid()`;
      return found.length > 0;
    });
    asked.destroy();
    await until("it is stopped", () => error !== undefined);
    expect(wasKilled(error)).toMatchObject({ by: "abort", endpoint: "GET /report" });
  });
});
