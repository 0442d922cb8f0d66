import type { Db } from "./db.ts";

interface Query {
  text: string;
  values: unknown[];
}
interface Answer {
  rowCount: number;
  rows: Record<string, unknown>[];
}

/** Name of the table of tries; its columns are what rate-limiter-flexible expects of PostgreSQL. */
export const SIGN_IN_TRIES = "sign_in_try";

/**
 * A client in the shape that rate-limiter-flexible asks for, on our pool. Its statements are its own constants with
 * numbered parameters. Numbers that Prisma gives as bigint become plain ones (times in ms stay exact).
 */
export function triesClient(db: Db): { query(query: Query): Promise<Answer> } {
  return {
    async query({ text, values }) {
      const rows = await db.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values);
      return { rowCount: rows.length, rows: rows.map(plainNumbers) };
    },
  };
}

function plainNumbers(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v]));
}
