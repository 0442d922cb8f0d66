import { settingsOf, type Count, type CountOptions } from "../../counts/count.ts";
import { wanting } from "./wanted.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- what any `count` of Prisma's is assignable to
type AnyFunction = (...args: any) => any;

/** The models of a client: what has a `count`. */
export type ModelOf<Client> = {
  [Name in keyof Client]: Client[Name] extends { count: AnyFunction } ? Name : never;
}[keyof Client] &
  string;

/** What the `count` of a model takes for its `where`. */
export type WhereOf<Client, Model extends keyof Client> = Client[Model] extends { count: infer Own extends AnyFunction }
  ? NonNullable<Parameters<Own>[0]> extends { where?: infer Where }
    ? Where
    : never
  : never;

/** What tailfill adds to a client of Prisma's. */
export interface TailfillOfClient<Client> {
  /**
   * How many rows match, exactly where they are few, else by the planner's estimate, else at least so many: the answer says
   * which. Asked through the client that it is called on, with its extensions and in its transaction.
   *
   * Rejects with Prisma's errors, and with a `TypeError` or `RangeError` for a model or an option that is none.
   */
  count<Model extends ModelOf<Client>>(
    model: Model,
    where?: WhereOf<Client, Model>,
    options?: CountOptions,
  ): Promise<Count>;
}

/**
 * Approximate counts through any client of Prisma's that `tailfillPrisma` made: an extended one, that of a transaction, or what
 * `Prisma.getExtensionContext` gives. Of any other client they are Prisma's own, and exact.
 */
export function tailfillOf<Client extends object>(client: Client): TailfillOfClient<Client> {
  return {
    count: async (model, where, options = {}) => {
      settingsOf({}, options);
      const delegate = delegateOf(client, model);
      const args = where === undefined ? {} : { where };
      if (!asksPostgres(client)) return exactly(await delegate.count(args));
      const { answer, wanted } = await wanting({ options, asNumber: false }, (skip) =>
        delegate.count({ ...args, skip }),
      );
      // An extension answered by itself, or nobody knew the mark, so that so many rows were skipped indeed.
      if (!wanted.isTaken || wanted.count === undefined) return exactly(await delegate.count(args));
      return { ...wanted.count, value: Number(answer) };
    },
  };
}

/** Whether the client is one of PostgreSQL, as far as it says so. */
export function asksPostgres(client: object): boolean {
  const { _activeProvider: provider } = client as { _activeProvider?: unknown };
  return provider === undefined || provider === "postgresql";
}

interface Delegate {
  count(args: object): PromiseLike<unknown>;
}

function delegateOf(client: object, model: string): Delegate {
  const delegate: unknown = (client as Record<string, unknown>)[model];
  if (typeof (delegate as { count?: unknown } | undefined)?.count === "function") return delegate as Delegate;
  throw new TypeError(`${JSON.stringify(model)} is no model of this client: name it as in prisma.user`);
}

/** Prisma's own count. */
function exactly(answer: unknown): Count {
  const asOf = new Date().toISOString();
  return { value: Number(answer), kind: "exact", asOf, qErrorP95: null, because: "unsupported" };
}
