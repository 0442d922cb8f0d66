import { approximate } from "../counts/approximate.ts";
import { settingsOf, type Count, type CountDefaults, type CountOptions } from "../counts/count.ts";
import { limitText, SAVEPOINT, type CountingDatabase } from "../counts/database.ts";
import { Shapes } from "../counts/shapes.ts";
import { rowsOfPlainCount } from "../counts/statement.ts";

/** A statement with the values of the app's. */
interface Statement {
  text: string;
  values: unknown[];
}

/** What is used of a client of pg, typed apart from its version. */
export interface CountableClient {
  query(config: { text: string; values?: unknown[]; rowMode: "array" }): Promise<{ rows: unknown[][] }>;
}

export interface CountablePool extends CountableClient {
  readonly totalCount: number;
  connect(): Promise<CountableClient & { release(error?: boolean): void }>;
}

/** What pg tells of a client from version 8.17 on. */
interface ClientState {
  getTransactionStatus?(): string | null;
  _queryQueue?: readonly unknown[];
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
    if (database.isStopped(error)) return { ...about, value: 0, kind: "atLeast" };
    throw error;
  }
  throw new TypeError("the statement gives no number: begin it with select count(*) from");
}

function databaseOf(database: CountableClient, values: unknown[]): CountingDatabase {
  const ask = (text: string, given: unknown[]): Promise<unknown> => first(database, { text, values: given });
  const below = isPool(database) ? onPool : onClient;
  return {
    ask: (text) => ask(text, values),
    askWith: (text, value) => ask(text, [value]),
    askWithin: (budgetMs, text) => below(database as CountablePool, { text, values }, budgetMs),
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
  try {
    const answer = await between(client, ["BEGIN"], ["ROLLBACK"], { statement, budgetMs });
    isBroken = false;
    return answer;
  } finally {
    client.release(isBroken);
  }
}

/**
 * On a client that others may use as well, nothing of theirs may come between: a transaction of ours would take it back. So all
 * is handed to it at once, which it asks in this order, and a transaction is begun only where nobody else waits.
 */
function onClient(client: CountableClient & ClientState, statement: Statement, budgetMs: number): Promise<unknown> {
  if (isInTransaction(client))
    return between(
      client,
      [`SAVEPOINT ${SAVEPOINT}`],
      [`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`, `RELEASE SAVEPOINT ${SAVEPOINT}`],
      { statement, budgetMs },
    );
  if (client.getTransactionStatus?.() === "I" && client._queryQueue?.length === 0)
    return between(client, ["BEGIN"], ["ROLLBACK"], { statement, budgetMs });
  return first(client, statement);
}

function isInTransaction(client: CountableClient & ClientState): boolean {
  const status = client.getTransactionStatus?.();
  return status === "T" || status === "E";
}

/** Asks a statement with a time limit between others, all handed over at once. */
// oxlint-disable-next-line max-params -- four, of which two are lists
async function between(
  client: CountableClient,
  before: readonly string[],
  after: readonly string[],
  { statement, budgetMs }: { statement: Statement; budgetMs: number },
): Promise<unknown> {
  const command = (text: string): Promise<unknown> => first(client, { text, values: [] });
  const all = [
    ...before.map(command),
    command(limitText(budgetMs)),
    first(client, statement),
    ...after.map(command),
  ] as const;
  await Promise.allSettled(all);
  for (const each of all.slice(0, before.length + 1)) await each;
  const answer = await all[before.length + 1]!;
  for (const each of all.slice(before.length + 2)) await each;
  return answer;
}
