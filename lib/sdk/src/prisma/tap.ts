import type { Dialect } from "../database/fingerprint.ts";
import { attributed, beginStatement } from "../database/statement.ts";
import { isTapped } from "../database/tapped.ts";
import type { Adapter, AdapterFactory, Query, Queryable, Transaction } from "./driver-adapter.ts";
import type { Ops } from "./op.ts";

interface Tap {
  dialect: Dialect;
  /** What statements say that they are for; undefined when they say nothing. */
  ops: Ops | undefined;
  /** Whether they are counted: not here when the pool below counts them. */
  counts: boolean;
}

/** The factory, with every connection that it makes tapped. */
export function tapFactory<Factory extends AdapterFactory>(factory: Factory, ops: Ops | undefined): Factory {
  const dialect: Dialect = factory.provider === "mysql" ? "mysql" : "postgresql";
  return over<AdapterFactory>(factory, {
    connect: async () => tapAdapter(await factory.connect(), { dialect, ops }),
  }) as Factory;
}

function tapAdapter(adapter: Adapter, about: Omit<Tap, "counts">): Adapter {
  const tap: Tap = { ...about, counts: !isTapped(adapter.underlyingDriver?.()) };
  return over(adapter, {
    ...tapQueries(adapter, tap),
    executeScript: (script) => counted(tap, { sql: script }, () => adapter.executeScript(script), none),
    startTransaction: async (...args) => {
      const transaction = await counted(tap, { sql: "BEGIN" }, () => adapter.startTransaction(...args), none);
      return over(transaction, { ...tapQueries(transaction, tap), ...tapSavepoints(transaction, tap) });
    },
  });
}

function tapQueries(to: Queryable, tap: Tap): Pick<Queryable, "queryRaw" | "executeRaw"> {
  return {
    queryRaw: (query) =>
      asked(
        tap,
        query,
        (asIs) => to.queryRaw(asIs),
        ({ rows }) => rows.length,
      ),
    executeRaw: (query) =>
      asked(
        tap,
        query,
        (asIs) => to.executeRaw(asIs),
        (changed) => changed,
      ),
  };
}

function tapSavepoints(to: Transaction, tap: Tap): Partial<Transaction> {
  const names = ["createSavepoint", "rollbackToSavepoint", "releaseSavepoint"] as const;
  const taps = names.flatMap((name, at) => {
    const own = to[name]?.bind(to);
    return own === undefined
      ? []
      : [[name, (of: string) => counted(tap, { sql: SAVEPOINTS[at]! }, () => own(of), none)] as const];
  });
  return Object.fromEntries(taps);
}

const SAVEPOINTS = ["SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"] as const;
const none = (): number => 0;

function asked<Answer>(
  tap: Tap,
  query: Query,
  ask: (query: Query) => Promise<Answer>,
  rowsIn: (answer: Answer) => number,
): Promise<Answer> {
  const { sql } = query;
  if (tap.ops === undefined) return counted(tap, query, () => ask(query), rowsIn);
  const op = tap.ops.take(sql);
  return counted(tap, query, () => ask({ ...query, sql: attributed(sql, op) }), rowsIn, op);
}

/** Counts a statement from now to its answer. What the driver answers and throws is passed on as it is. */
// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
async function counted<Answer>(
  tap: Tap,
  { sql, args }: Query,
  ask: () => Promise<Answer>,
  rowsIn: (answer: Answer) => number,
  op?: string,
): Promise<Answer> {
  const statement = tap.counts ? beginStatement(sql, tap.dialect, op, args) : undefined;
  if (statement === undefined) return ask();
  try {
    const answer = await ask();
    statement.end(rowsIn(answer));
    return answer;
  } catch (error) {
    statement.end(0, true);
    throw error;
  }
}

/** The object with some methods of ours. All others run on the object itself: it may have private fields. */
function over<Target extends object>(target: Target, ours: Partial<Target>): Target {
  return new Proxy(target, {
    get(of, name) {
      if (Object.hasOwn(ours, name)) return ours[name as keyof Target];
      const value: unknown = Reflect.get(of, name, of);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}
