import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { PrismaClient } from "@/lib/store/generated/client";
import { sql } from "@/test/support/global-setup";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { sendingClient } from "../../support/sent";

export const LABELS = 60_000;

/** Far from what is counted in a test, either way. */
export const OPTIONS = { threshold: 1_000, checkEvery: 0, budgetMs: 60_000 };

/** Service 1 has nine tenths of the labels, 2 the rest; every hundredth label ends with `!`. And 5,000 endpoints, half for each. */
const ROWS = `
  INSERT INTO service (name) VALUES ('shop'), ('blog');
  INSERT INTO user_label (service_id, user_key, label, seen_on)
    SELECT CASE WHEN n % 10 = 0 THEN 2 ELSE 1 END, n, 'user ' || n || CASE WHEN n % 100 = 0 THEN '!' ELSE '' END,
      date '2026-01-01' + n % 300 FROM generate_series(1, ${LABELS}) n;
  INSERT INTO endpoint (service_id, environment, method, route)
    SELECT 1 + n % 2, 'e' || n, 'GET', '/' || n FROM generate_series(1, 5000) n;
  ANALYZE;`;

export interface Labels {
  database: TestDatabase;
  /** A wrapped client, and the texts that it sends. */
  wrapped(approximate?: Approximate, url?: string): { prisma: Wrapped; sent: string[] };
  drop(): Promise<void>;
}

type Approximate = Parameters<typeof tailfillPrisma>[0]["approximate"];
export type Wrapped = ReturnType<typeof made>["prisma"];

function made(url: string, approximate: Approximate) {
  const { Client, sent } = sendingClient();
  const adapter = new PrismaPg({ connectionString: url, max: 4, Client } as pg.PoolConfig);
  const prisma = tailfillPrisma({ adapter, client: (options) => new PrismaClient(options), approximate });
  return { prisma, sent };
}

/** A database of the suite's own with many labels, whose statistics are fresh. */
export async function labels(): Promise<Labels> {
  const database = await testDatabase();
  await sql(database.url, ROWS);
  const open: Wrapped[] = [];
  return {
    database,
    wrapped(approximate = OPTIONS, url = database.url) {
      const one = made(url, approximate);
      open.push(one.prisma);
      return one;
    },
    async drop() {
      await Promise.all(open.map((client) => client.$disconnect()));
      await database.drop();
    },
  };
}
