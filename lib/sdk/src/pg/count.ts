import { approximate } from "../counts/approximate.ts";
import { settingsOf, type Count, type CountDefaults, type CountOptions } from "../counts/count.ts";
import { wasOver } from "../counts/exact.ts";
import { limitText, SAVEPOINT, type CountingDatabase } from "../counts/database.ts";
import { Shapes } from "../counts/shapes.ts";
import { rowsOfPlainCount } from "../counts/statement.ts";
import { alone } from "./gate.ts";

/** A statement with the values of the app's. */
interface Statement {
  text: string;
  values: unknown[];
}

/** What is used of a client of pg, typed apart from its version. */
export interface CountableClient {
  query(config: { text: string; values?: unknown[]; rowMode: "array" }): Promise<{ rows: unknown[][] }>;
  /** From 8.17 on. */
  getTransactionStatus?(): string | null;
  /** Whether it waits for no answer. */
  readonly readyForQuery?: boolean;
}

export interface CountablePool extends CountableClient {
  readonly totalCount: number;
  connect(): Promise<CountableClient & { release(error?: boolean): void }>;
}

/** What was learnt of each database, for as long as its pool or client is there. */
const known = new WeakMap<object, Shapes>();

function shapesOf(database: object): Shapes {
  const shapes = known.get(database) ?? new Shapes();
  known.set(database, shapes);
  return shapes;
}

/**
 * How many rows a `select count(*) from …` counts: exactly where they are few, else by the planner's estimate for these values, else at least
 * so many; the answer says which. A client is asked in the transaction that it is in.
 *
 * Any other statement, with groups, limits or unions, is asked as it is within the budget, its first column taken for the count. Rejects with the
 * database's errors, and with a `TypeError` or `RangeError` for an option that is none.
 * @param options `approximate: false` counts exactly, within the budget
 */
export async function approximateCount(
  database: CountableClient,
  text: string,
  values: unknown[] = [],
  options: CountOptions & CountDefaults & { approximate?: boolean } = {},
): Promise<Count> {
  const settings = settingsOf(options.approximate !== false, options);
  const rows = rowsOfPlainCount(text);
  const asked = databaseOf(database, values);
  if (rows !== undefined)
    return approximate({ database: asked, rows, settings, shapes: shapesOf(database), nowMs: Date.now });
  return asGiven(asked, text, settings.budgetMs);
}

/** What no estimate is made of, within the budget. */
async function asGiven(database: CountingDatabase, text: string, budgetMs: number): Promise<Count> {
  const about = { asOf: new Date().toISOString(), qErrorP95: null, because: "unsupported" } as const;
  try {
    const value = Number(await database.askWithin(budgetMs, text));
    if (Number.isFinite(value)) return { ...about, value, kind: "exact" };
  } catch (error) {
    if (wasOver(database, error)) return { ...about, value: 0, kind: "atLeast" };
    throw error;
  }
  throw new TypeError("the statement gives no number: begin it with select count(*) from");
}

function databaseOf(database: CountableClient, values: unknown[]): CountingDatabase {
  const ask = (text: string, given: unknown[]): Promise<unknown> => first(database, { text, values: given });
  return {
    ask: (text) => ask(text, values),
    askWith: (text, value) => ask(text, [value]),
    askWithin: (budgetMs, text) =>
      isPool(database) ? onPool(database, { text, values }, budgetMs) : onClient(database, { text, values }, budgetMs),
    survivesErrors: isPool(database) || !isInTransaction(database),
    isStopped: (error) => (error as { code?: unknown } | undefined)?.code === "57014",
  };
}

function isPool(database: CountableClient): database is CountablePool {
  return typeof (database as Partial<CountablePool>).totalCount === "number";
}

async function first(client: CountableClient, { text, values }: Statement): Promise<unknown> {
  return (await client.query({ text, values, rowMode: "array" })).rows[0]?.[0];
}

async function onPool(pool: CountablePool, statement: Statement, budgetMs: number): Promise<unknown> {
  const client = await pool.connect();
  let isBroken = true;
  const ended = (): void => void (isBroken = false);
  try {
    return await below(client, TRANSACTION, { statement, budgetMs, ended });
  } finally {
    // What could not be rolled back is nobody else's to use.
    client.release(isBroken);
  }
}

/** In the transaction that a client is in, or in one of ours. */
function onClient(client: CountableClient, statement: Statement, budgetMs: number): Promise<unknown> {
  // Before pg 8.17 nobody knows whether there is a transaction, which ours would end.
  if (client.getTransactionStatus === undefined) return first(client, statement);
  return alone(client, async (query) => {
    const asked: CountableClient = { query };
    if (client.readyForQuery !== true) await first(asked, NOTHING);
    return below(asked, isInTransaction(client) ? SAVED : TRANSACTION, { statement, budgetMs });
  });
}

/** What was asked before may have begun a transaction, or ended one: that is known once it is answered. */
const NOTHING: Statement = { text: "", values: [] };
const TRANSACTION = { begin: "BEGIN", end: ["ROLLBACK"] };
const SAVED = {
  begin: `SAVEPOINT ${SAVEPOINT}`,
  end: [`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`, `RELEASE SAVEPOINT ${SAVEPOINT}`],
};

function isInTransaction(client: CountableClient): boolean {
  const status = client.getTransactionStatus?.();
  return status !== "I";
}

/** Asks a statement with a time limit that ends with it. */
async function below(
  client: CountableClient,
  { begin, end }: typeof TRANSACTION,
  { statement, budgetMs, ended }: { statement: Statement; budgetMs: number; ended?: () => void },
): Promise<unknown> {
  await first(client, { text: begin, values: [] });
  try {
    await first(client, { text: limitText(budgetMs), values: [] });
    return await first(client, statement);
  } finally {
    for (const text of end) await first(client, { text, values: [] });
    ended?.();
  }
}
