import { settingsOf, type Count, type CountOptions } from "../../counts/count.ts";
import { newWanted, wanting } from "./wanted.ts";

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

/** Approximate counts through any client of Prisma's that `tailfillPrisma` made: an extended one, or that of a transaction. */
export function tailfillOf<Client extends object>(client: Client): TailfillOfClient<Client> {
  return {
    count: async (model, where, options = {}) => {
      settingsOf({}, options);
      const wanted = newWanted({ model, options, asNumber: false });
      const { count } = delegateOf(client, model);
      const answer = await wanting(wanted, async () => await count(where === undefined ? {} : { where }));
      return told(answer, wanted.count);
    },
  };
}

type Counts = (args: object) => PromiseLike<unknown>;

function delegateOf(client: object, model: string): { count: Counts } {
  const delegate: unknown = (client as Record<string, unknown>)[model];
  if (typeof (delegate as { count?: unknown } | undefined)?.count === "function") return delegate as { count: Counts };
  throw new TypeError(`${JSON.stringify(model)} is no model of this client: name it as in prisma.user`);
}

/**
 * The count that was made, with the number that extensions made of it. Without one, extensions answered by themselves, or the
 * client does not ask its database for estimates: the number is Prisma's own.
 */
function told(answer: unknown, count: Count | undefined): Count {
  const value = typeof answer === "number" ? answer : Number(answer);
  if (count !== undefined) return { ...count, value };
  return { value, kind: "exact", asOf: new Date().toISOString(), qErrorP95: null, because: "unsupported" };
}
