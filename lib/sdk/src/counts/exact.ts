import { markExpected } from "../database/stopped.ts";
import type { CountingDatabase } from "./database.ts";

/** What counting within a budget came to: all rows, or that there are so many at least. */
export type Counted = { exact: number } | { atLeast: number };

/** Counts all rows. Undefined when the budget ended first. */
export async function countAll(
  database: CountingDatabase,
  rows: string,
  budgetMs: number,
): Promise<{ exact: number } | undefined> {
  const found = await within(database, budgetMs, `SELECT count(*) FROM (${rows}) AS counted`);
  return found === undefined ? undefined : { exact: found };
}

/** Counts up to one more than `most`: enough to know whether there are more. Undefined when the budget ended first. */
export async function countUpTo(
  database: CountingDatabase,
  rows: string,
  { most, budgetMs }: { most: number; budgetMs: number },
): Promise<Counted | undefined> {
  const text = `SELECT count(*) FROM (SELECT 1 FROM (${rows}) AS counted LIMIT ${most + 1}) AS capped`;
  const found = await within(database, budgetMs, text);
  if (found === undefined) return undefined;
  return found > most ? { atLeast: found } : { exact: found };
}

/** First up to `most`, which says at once that there are many, then all within what is left of the budget. */
export async function countWithin(
  database: CountingDatabase,
  rows: string,
  { most, budgetMs }: { most: number; budgetMs: number },
): Promise<Counted> {
  const startMs = performance.now();
  const some = await countUpTo(database, rows, { most, budgetMs });
  if (some === undefined) return { atLeast: 0 };
  const leftMs = Math.floor(budgetMs - (performance.now() - startMs));
  if ("exact" in some || leftMs < 1) return some;
  return (await countAll(database, rows, leftMs)) ?? some;
}

async function within(database: CountingDatabase, budgetMs: number, text: string): Promise<number | undefined> {
  try {
    return Number(await database.askWithin(budgetMs, text));
  } catch (error) {
    if (wasOver(database, error)) return undefined;
    throw error;
  }
}

/** Whether its time was over, which is no statement gone wrong. */
export function wasOver(database: CountingDatabase, error: unknown): boolean {
  const isOver = database.isStopped(error);
  if (isOver) markExpected(error as object);
  return isOver;
}
