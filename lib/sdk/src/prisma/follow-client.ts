import { noteCall } from "../repeats/process-repeats.ts";

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Named = Record<PropertyKey, unknown>;

/** What a Prisma client carries, besides its methods, that we use. */
interface AnyPrismaClient {
  _runtimeDataModel?: { models?: Record<string, unknown> };
}

/**
 * The client, on which calls of models are noted when they are made: a query of Prisma's begins when it is waited for, far from
 * where it stands. Promises, transactions and extensions stay Prisma's own. What is not known to be a client is given back.
 */
export function followClient<Client>(client: Client): Client {
  const described = (client as AnyPrismaClient | undefined)?._runtimeDataModel?.models;
  if (typeof client !== "object" || client === null || typeof described !== "object") return client;
  const models = new Map(Object.keys(described).map((model) => [delegateOf(model), model]));
  return follow(client as Named, models, undefined) as Client;
}

const delegateOf = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}`;

function follow(client: Named, models: ReadonlyMap<string, string>, base: Named | undefined): Named {
  const made = new Map<PropertyKey, readonly [own: unknown, ours: unknown]>();
  const first = base ?? client;
  const oursOf = (name: PropertyKey, own: unknown): unknown => {
    const model = models.get(String(name));
    if (model !== undefined && typeof own === "object" && own !== null) return followModel(own as Named, model);
    if (typeof own !== "function") return own;
    if (name === "$extends") return (...args: unknown[]) => again(Reflect.apply(own, client, args));
    if (name === "$transaction") return transactionOf(own as Callable, client, again);
    return isClass(own) ? own : own.bind(client);
  };
  const again = (next: unknown): unknown => (isObject(next) ? follow(next, models, first) : next);
  return new Proxy(client, {
    get(target, name) {
      const own = Reflect.get(target, name, target) ?? (name === "$on" ? first[name] : undefined);
      if (!isObject(own) && typeof own !== "function") return own;
      const known = made.get(name);
      if (known !== undefined && known[0] === own) return known[1];
      const ours = oursOf(name, own);
      made.set(name, [own, ours]);
      return ours;
    },
  });
}

/** An interactive transaction gives a client of its own. A list of queries must stay what it is. */
function transactionOf(own: Callable, client: Named, again: (next: unknown) => unknown): Callable {
  return (work, ...rest) => {
    const given = typeof work === "function" ? (tx: unknown) => (work as Callable)(again(tx)) : work;
    return Reflect.apply(own, client, [given, ...rest]);
  };
}

function followModel(delegate: Named, model: string): Named {
  const made = new Map<PropertyKey, readonly [own: unknown, ours: unknown]>();
  const ours: Named = new Proxy(delegate, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== "function" || typeof name !== "string") return own;
      const known = made.get(name);
      if (known !== undefined && known[0] === own) return known[1];
      const noted = notedCall(own as Callable, `${model}.${opOf(name)}`, { delegate, ours: () => ours });
      made.set(name, [own, noted]);
      return noted;
    },
  });
  return ours;
}

function notedCall(own: Callable, op: string, { delegate, ours }: { delegate: Named; ours: () => Named }): Callable {
  return function noted(...args) {
    noteCall(op, noted);
    return Reflect.apply(own, this === ours() ? delegate : this, args);
  };
}

/** Prisma's comment plugins call these by other names. */
function opOf(action: string): string {
  return OPS[action] ?? action;
}
const OPS: Record<string, string> = {
  findUniqueOrThrow: "findUnique",
  findFirstOrThrow: "findFirst",
  count: "aggregate",
  create: "createOne",
  update: "updateOne",
  upsert: "upsertOne",
  delete: "deleteOne",
};

const isObject = (value: unknown): value is Named => typeof value === "object" && value !== null;
const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
