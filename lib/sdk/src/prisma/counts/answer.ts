import { approximate } from "../../counts/approximate.ts";
import { settingsOf, type CountDefaults } from "../../counts/count.ts";
import type { CountingDatabase } from "../../counts/database.ts";
import type { Shapes } from "../../counts/shapes.ts";
import { rowsOfPrismaCount } from "../../counts/statement.ts";
import type { Query, Rows } from "../driver-adapter.ts";
import { takeWanted, type WantedCount } from "./wanted.ts";

/** What a client counts by. */
export interface CountsOfClient {
  defaults: CountDefaults | boolean;
  shapes: Shapes;
}

/** A statement of Prisma's that counts rows, and that somebody wants an approximate count of. */
export interface TakenCount {
  wanted: WantedCount;
  /** The statement whose rows are counted. */
  rows: string;
}

/** Whether a statement is the one of a count under way. */
export function takeCount(sql: string, op: string | undefined): TakenCount | undefined {
  const wanted = takeWanted(op);
  if (wanted === undefined) return undefined;
  const rows = rowsOfPrismaCount(sql);
  if (rows === undefined) return undefined;
  wanted.taken = true;
  return { wanted, rows };
}

/** Prisma's type of a 64-bit whole number. */
const INT64 = 1;

/**
 * Answers the statement as the database would, with the approximate count, which stays with whoever wants it. `asGiven` asks Prisma's own.
 */
export async function answerCount(
  { wanted, rows }: TakenCount,
  { defaults, shapes }: CountsOfClient,
  { database, asGiven }: { database: CountingDatabase; asGiven: () => Promise<Rows> },
): Promise<Rows> {
  const settings = settingsOf(defaults, wanted.options);
  if (wanted.asNumber && !settings.approximate) return asGiven();
  try {
    const count = await approximate({ database, rows, settings, shapes, nowMs: Date.now });
    if (wanted.asNumber && count.kind === "atLeast" && count.value === 0) return await asGiven();
    wanted.count = count;
    return { columnNames: ["_count$_all"], columnTypes: [INT64], rows: [[String(count.value)]] } as Rows;
  } catch (error) {
    // Whoever asks again, as extensions do that retry, is answered again.
    wanted.taken = false;
    throw error;
  }
}

/** A statement with another text, and the values of the first. */
export function withText(query: Query, sql: string): Query {
  return { ...query, sql };
}

/** A statement with one text for its value. */
export function withValue(sql: string, value: string): Query {
  return { sql, args: [value], argTypes: [{ scalarType: "string", dbType: "TEXT", arity: "scalar" }] };
}

export function firstOf({ rows }: Rows): unknown {
  return (rows[0] as readonly unknown[] | undefined)?.[0];
}

/** PostgreSQL's `query_canceled`, as driver adapters tell it. */
export function isStopped(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { originalCode?: unknown; code?: unknown } };
  return cause?.originalCode === "57014" || cause?.code === "57014";
}
