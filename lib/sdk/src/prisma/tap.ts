import { workUnderWay } from "../context.ts";
import type { CountDefaults } from "../counts/count.ts";
import type { CountingDatabase } from "../counts/database.ts";
import { Shapes } from "../counts/shapes.ts";
import type { Dialect } from "../database/fingerprint.ts";
import { attributed, beginStatement } from "../database/statement.ts";
import { markStopped, takeStopped } from "../database/stopped.ts";
import { limitPool } from "../pg/tap.ts";
import type { Limits } from "../database/limits.ts";
import { isTapped } from "../database/tapped.ts";
import { answerCount, takeCount, type CountsOfClient } from "./counts/answer.ts";
import { inTransaction, onPool, type Asks } from "./counts/database.ts";
import { Turns } from "./counts/turns.ts";
import type { Adapter, AdapterFactory, Query, Queryable, Rows, Transaction } from "./driver-adapter.ts";
import type { Ops } from "./op.ts";

interface Tap {
  dialect: Dialect;
  /** What statements say that they are for; undefined when they say nothing. */
  ops: Ops | undefined;
  /** Whether they are counted: not here when the pool below counts them. */
  counts: boolean;
  /** How approximate counts are made; undefined where the database is not asked for any. */
  approximate: CountsOfClient | undefined;
}

type Shared = Omit<Tap, "counts"> & { limits: Limits | undefined };

export interface TapOptions {
  ops: Ops | undefined;
  limits?: Limits | undefined;
  /** What approximate counts go by. */
  defaults?: CountDefaults | boolean;
}

/** The factory, with every connection that it makes tapped. */
export function tapFactory<Factory extends AdapterFactory>(
  factory: Factory,
  { ops, limits, defaults = {} }: TapOptions,
): Factory {
  const dialect: Dialect = factory.provider === "mysql" ? "mysql" : "postgresql";
  const approximate = factory.provider === "postgres" ? { defaults, shapes: new Shapes() } : undefined;
  return over<AdapterFactory>(factory, {
    connect: async () => tapAdapter(await factory.connect(), { dialect, ops, approximate, limits }),
  }) as Factory;
}

function tapAdapter(adapter: Adapter, { limits, ...about }: Shared): Adapter {
  const pool = adapter.underlyingDriver?.();
  if (limits !== undefined) limitPool(pool, limits);
  const tap: Tap = { ...about, counts: !isTapped(pool) };
  return over(adapter, {
    ...tapQueries(adapter, tap, (query, asks) => onPool(adapter, query, asks)),
    executeScript: (script) => counted(tap, { sql: script }, () => adapter.executeScript(script), none),
    startTransaction: async (...args) => tapTransaction(await begin(adapter, tap, args), tap),
  });
}

function tapTransaction(transaction: Transaction, tap: Tap): Transaction {
  const turns = new Turns();
  const databaseOf: DatabaseOf = (query, asks) => inTransaction(transaction, query, { asks, turns });
  return over(transaction, {
    ...tapQueries(transaction, tap, databaseOf, turns),
    ...tapSavepoints(transaction, tap, turns),
  });
}

function begin(adapter: Adapter, tap: Tap, args: unknown[] = []): Promise<Transaction> {
  return counted(tap, { sql: "BEGIN" }, () => adapter.startTransaction(...args), none);
}

type DatabaseOf = (query: Query, asks: Asks) => CountingDatabase;

// oxlint-disable-next-line max-params -- the last is for transactions only
function tapQueries(
  to: Queryable,
  tap: Tap,
  databaseOf: DatabaseOf,
  turns?: Turns,
): Pick<Queryable, "queryRaw" | "executeRaw"> {
  const inTurn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    turns === undefined ? ask() : turns.ask(ask);
  return {
    queryRaw: (query) => {
      const op = tap.ops?.take(query.sql);
      const ask = (given: Query): Promise<Rows> => inTurn(() => asked(tap, op, given, (asIs) => to.queryRaw(asIs)));
      const taken = tap.approximate === undefined ? undefined : takeCount(query);
      if (taken === undefined) return ask(query);
      return answerCount(taken, tap.approximate!, { database: databaseOf(taken.query, asksOf(tap, op)), ask });
    },
    executeRaw: (query) => {
      const op = tap.ops?.take(query.sql);
      return inTurn(() => asked(tap, op, query, (asIs) => to.executeRaw(asIs)));
    },
  };
}

/** The statements of an approximate count, each counted, and attributed as the one that they stand for. */
function asksOf(tap: Tap, op: string | undefined): Asks {
  return {
    query: (to, query) => asked(tap, op, query, (asIs) => to.queryRaw(asIs)),
    command: (to, sql) => counted(tap, { sql }, () => to.executeRaw({ sql, args: [], argTypes: [] }), none),
    begin: (adapter) => begin(adapter, tap),
  };
}

function tapSavepoints(to: Transaction, tap: Tap, turns: Turns): Partial<Transaction> {
  const names = ["createSavepoint", "rollbackToSavepoint", "releaseSavepoint"] as const;
  const taps = names.flatMap((name, at) => {
    const own = to[name]?.bind(to);
    return own === undefined
      ? []
      : [[name, (of: string) => turns.ask(() => counted(tap, { sql: SAVEPOINTS[at]! }, () => own(of), none))] as const];
  });
  return Object.fromEntries(taps);
}

const SAVEPOINTS = ["SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"] as const;
const none = (): number => 0;

// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
function asked<Answer extends Rows | number>(
  tap: Tap,
  op: string | undefined,
  query: Query,
  ask: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const { sql } = query;
  if (tap.ops === undefined) return counted(tap, query, () => ask(query), rowsIn);
  const text = attributed(sql, op);
  return counted(tap, query, () => ask({ ...query, sql: text }), rowsIn, op);
}

function rowsIn(answer: Rows | number): number {
  return typeof answer === "number" ? answer : answer.rows.length;
}

/**
 * Counts a statement from now to its answer. What the driver answers and throws is passed on as it is. With one promise and
 * no `async`: where requests are followed, Node does more for each promise than all of this does.
 */
// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
function counted<Answer>(
  tap: Tap,
  { sql, args }: Query,
  ask: () => Promise<Answer>,
  rowsIn: (answer: Answer) => number,
  op?: string,
): Promise<Answer> {
  if (workUnderWay() === undefined) return ask();
  const statement = tap.counts ? beginStatement(sql, tap.dialect, op, args) : undefined;
  return ask().then(
    (answer) => {
      statement?.end(rowsIn(answer));
      return answer;
    },
    (error: unknown) => {
      if (codeOf(error) === CANCELLED) passOn(error as object);
      statement?.fail(error);
      throw error;
    },
  );
}

const CANCELLED = "57014";

function codeOf(error: unknown): unknown {
  return (error as { cause?: { originalCode?: unknown } } | null | undefined)?.cause?.originalCode;
}

/** The adapter has made another error of the driver's: why it was stopped is known of the work. */
function passOn(error: object): void {
  const work = workUnderWay();
  const stopped = work && takeStopped(work);
  if (stopped !== undefined) markStopped(error, stopped, undefined);
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
