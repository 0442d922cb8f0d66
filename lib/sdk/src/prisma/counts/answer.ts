import { approximate } from "../../counts/approximate.ts";
import { settingsOf, type CountDefaults } from "../../counts/count.ts";
import type { CountingDatabase } from "../../counts/database.ts";
import type { Shapes } from "../../counts/shapes.ts";
import { rowsOfPrismaCount } from "../../counts/statement.ts";
import type { Query, Rows } from "../driver-adapter.ts";
import { wantedBy, type WantedCount } from "./wanted.ts";

/** What a client counts by. */
export interface CountsOfClient {
  defaults: CountDefaults | boolean;
  shapes: Shapes;
}

/** A statement of Prisma's that counts rows, and that somebody wants an approximate count of. */
export interface TakenCount {
  wanted: WantedCount;
  /** The statement as Prisma would have made it without the mark. */
  query: Query;
  /** The statement whose rows are counted, with the same values. */
  rows: string;
}

const MARKED = / OFFSET \$(\d+)$/;
/** What Prisma orders by for no other reason than that rows are skipped. */
const ORDER = / ORDER BY (?:"(?:[^"]|"")+"(?:\."(?:[^"]|"")+")* ASC(?:, )?)+(?= OFFSET \$\d+$)/;

/** The count under way that a statement is for, if it is. */
export function takeCount(query: Query): TakenCount | undefined {
  const wanted = query.sql.startsWith("SELECT COUNT(*)") ? wantedBy(query.args?.at(-1)) : undefined;
  const marked = wanted === undefined ? undefined : rowsOfPrismaCount(query.sql);
  if (wanted === undefined || marked === undefined) return undefined;
  const args = [...query.args!];
  if (Number(MARKED.exec(marked)?.[1]) !== args.length) return undefined;
  args[args.length - 1] = "0";
  wanted.isTaken = true;
  const rows = marked.replace(ORDER, "");
  return { wanted, rows, query: { ...query, sql: query.sql.replace(marked, () => rows), args } };
}

/** Prisma's type of a 64-bit whole number. */
const INT64 = 1;

/** Answers the statement as the database would, with the approximate count, which stays with whoever wants it. */
export async function answerCount(
  { wanted, rows, query }: TakenCount,
  { defaults, shapes }: CountsOfClient,
  { database, ask }: { database: CountingDatabase; ask: (query: Query) => Promise<Rows> },
): Promise<Rows> {
  const settings = settingsOf(defaults, wanted.options);
  if (wanted.asNumber && !settings.approximate) return ask(query);
  const count = await approximate({ database, rows, settings, shapes, nowMs: Date.now });
  // Nothing is known, and a number has to be answered: it is Prisma's own.
  if (wanted.asNumber && count.kind === "atLeast" && count.value === 0) return ask(query);
  wanted.count = count;
  return { columnNames: ["_count$_all"], columnTypes: [INT64], rows: [[String(count.value)]] } as Rows;
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
