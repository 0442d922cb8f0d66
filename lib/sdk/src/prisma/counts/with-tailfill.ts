import { workingOn } from "./extension.ts";
import { tailfillOf, type TailfillOfClient } from "./client.ts";

/** What Prisma leaves away from the client of a transaction. */
type Elsewhere = "$connect" | "$disconnect" | "$on" | "$use" | "$extends";

/** The client in a transaction. */
export type InTransaction<Client> = Omit<Client, Elsewhere> & { readonly $tailfill: TailfillOfClient<Client> };

/**
 * A client with `$tailfill`. Extended clients have it as well, though their types do not know: `tailfillOf(extended)` gives the same, typed.
 */
// Ours first: of two signatures TypeScript takes the first that fits, and only ours knows `tx.$tailfill`.
export type WithTailfill<Client> = {
  readonly $tailfill: TailfillOfClient<Client>;
} & (Client extends { $transaction: unknown }
  ? {
      $transaction<Result>(
        run: (tx: InTransaction<Client>) => Promise<Result>,
        options?: { maxWait?: number; timeout?: number; isolationLevel?: IsolationOf<Client> },
      ): Promise<Result>;
    }
  : unknown) &
  Client;

/** The levels that the client's own `$transaction` takes. */
type IsolationOf<Client> = Client extends { $transaction: infer Own }
  ? Own extends (run: never, options?: infer Options) => unknown
    ? Options extends { isolationLevel?: infer Level }
      ? Level
      : never
    : never
  : never;

type Extend = (extension: unknown) => object;
type Transact = (work: unknown, ...options: unknown[]) => unknown;

/** The client with `$tailfill`, on what it is extended to and on the clients of its transactions too. All else is its own. */
export function withTailfill<Client extends object>(client: Client): WithTailfill<Client> {
  let tailfill: TailfillOfClient<object> | undefined;
  const proxy: object = new Proxy(client, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name, of);
      if (name === "$tailfill") return (tailfill ??= tailfillOf(proxy));
      if (typeof value !== "function") return value;
      if (name === "$extends") return extending(of, proxy, value as Extend);
      return name === "$transaction" ? transacting(of, value as Transact) : value;
    },
    has: (of, name) => name === "$tailfill" || Reflect.has(of, name),
  });
  return proxy as WithTailfill<Client>;
}

/** An extension may be a function of the client, which then is ours. */
function extending(client: object, ours: object, own: Extend): Extend {
  return (extension) =>
    withTailfill(
      typeof extension === "function" ? (extension(ours) as object) : own.call(client, workingOn(client, extension)),
    );
}

function transacting(client: object, own: Transact): Transact {
  return (work, ...options) =>
    own.call(client, typeof work === "function" ? (tx: object) => work(withTailfill(tx)) : work, ...options);
}
