import { type CountingDatabase, limitText, SAVEPOINT } from "../../counts/database.ts";
import type { Adapter, Query, Queryable, Rows, Transaction } from "../driver-adapter.ts";
import { firstOf, isStopped, withText, withValue } from "./answer.ts";
import type { Turns } from "./turns.ts";

/** How a count asks a driver adapter, so that its statements are counted and attributed as all others. */
export interface Asks {
  query(to: Queryable, query: Query): Promise<Rows>;
  command(to: Queryable, sql: string): Promise<unknown>;
  begin(adapter: Adapter): Promise<Transaction>;
}

/** Where each statement may run on another connection: what has a time limit gets a transaction of its own. */
export function onPool(adapter: Adapter, query: Query, asks: Asks): CountingDatabase {
  return {
    ...asking(adapter, query, asks),
    survivesErrors: true,
    async askWithin(budgetMs, text) {
      const transaction = await asks.begin(adapter);
      try {
        await asks.query(transaction, { ...NO_VALUES, sql: limitText(budgetMs) });
        return firstOf(await asks.query(transaction, withText(query, text)));
      } finally {
        await rollBack(transaction, asks);
      }
    },
  };
}

/** Nothing of ours is to be kept, the time limit least of all. A driver adapter's `rollback` may do no more than give the connection back. */
async function rollBack(transaction: Transaction, asks: Asks): Promise<void> {
  try {
    if (transaction.options?.usePhantomQuery !== true) await asks.command(transaction, "ROLLBACK");
  } finally {
    await transaction.rollback?.();
  }
}

/** In a transaction of the app: what has a time limit runs below a savepoint, which takes the limit with it. */
export function inTransaction(
  transaction: Transaction,
  query: Query,
  { asks, turns }: { asks: Asks; turns: Turns },
): CountingDatabase {
  const askBelow = async (budgetMs: number, text: string): Promise<unknown> => {
    await asks.command(transaction, `SAVEPOINT ${SAVEPOINT}`);
    try {
      await asks.query(transaction, { ...NO_VALUES, sql: limitText(budgetMs) });
      return firstOf(await asks.query(transaction, withText(query, text)));
    } finally {
      await asks.command(transaction, `ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
      await asks.command(transaction, `RELEASE SAVEPOINT ${SAVEPOINT}`);
    }
  };
  const waiting: Asks = { ...asks, query: (to, asked) => turns.ask(() => asks.query(to, asked)) };
  return {
    ...asking(transaction, query, waiting),
    survivesErrors: false,
    askWithin: (budgetMs, text) => turns.hold(() => askBelow(budgetMs, text)),
  };
}

const NO_VALUES = { args: [], argTypes: [] };

function asking(to: Queryable, query: Query, asks: Asks): Pick<CountingDatabase, "ask" | "askWith" | "isStopped"> {
  return {
    ask: async (text) => firstOf(await asks.query(to, withText(query, text))),
    askWith: async (text, value) => firstOf(await asks.query(to, withValue(text, value))),
    isStopped,
  };
}
