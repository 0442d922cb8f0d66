import { workUnderWay } from "../context.ts";
import type { Dialect } from "../database/fingerprint.ts";
import { attributed, beginStatement } from "../database/statement.ts";
import { markStopped, takeStopped } from "../database/stopped.ts";
import { limitPool } from "../pg/tap.ts";
import type { Limits } from "../database/limits.ts";
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

type Shared = Omit<Tap, "counts"> & { limits: Limits | undefined };

/** The factory, with every connection that it makes tapped. */
export function tapFactory<Factory extends AdapterFactory>(
  factory: Factory,
  ops: Ops | undefined,
  limits?: Limits,
): Factory {
  const dialect: Dialect = factory.provider === "mysql" ? "mysql" : "postgresql";
  return over<AdapterFactory>(factory, {
    connect: async () => tapAdapter(await factory.connect(), { dialect, ops, limits }),
  }) as Factory;
}

function tapAdapter(adapter: Adapter, { limits, ...about }: Shared): Adapter {
  const pool = adapter.underlyingDriver?.();
  if (limits !== undefined) limitPool(pool, limits);
  const tap: Tap = { ...about, counts: !isTapped(pool) };
  return over(adapter, {
    ...tapQueries(adapter, tap),
    executeScript: (script) => counted(tap, script, () => adapter.executeScript(script), none),
    startTransaction: async (...args) => {
      const transaction = await counted(tap, "BEGIN", () => adapter.startTransaction(...args), none);
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
      : [[name, (of: string) => counted(tap, SAVEPOINTS[at]!, () => own(of), none)] as const];
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
  if (tap.ops === undefined) return counted(tap, sql, () => ask(query), rowsIn);
  const text = attributed(sql, tap.ops.take(sql));
  return counted(tap, sql, () => ask({ ...query, sql: text }), rowsIn);
}

/**
 * Counts a statement from now to its answer. What the driver answers and throws is passed on as it is. With one promise and
 * no `async`: where requests are followed, Node does more for each promise than all of this does.
 */
function counted<Answer>(
  tap: Tap,
  sql: string,
  ask: () => Promise<Answer>,
  rowsIn: (answer: Answer) => number,
): Promise<Answer> {
  if (workUnderWay() === undefined) return ask();
  const statement = tap.counts ? beginStatement(sql, tap.dialect) : undefined;
  return ask().then(
    (answer) => {
      statement?.end(rowsIn(answer));
      return answer;
    },
    (error: unknown) => {
      statement?.end(0, true);
      if (codeOf(error) === CANCELLED) passOn(error as object);
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
