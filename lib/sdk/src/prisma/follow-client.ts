import { noteCall } from "../repeats/process-repeats.ts";

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Named = Record<PropertyKey, unknown>;

/** What a Prisma client carries, besides its methods, that we use. */
interface AnyPrismaClient {
  _runtimeDataModel?: { models?: Record<string, unknown> };
}

/**
 * The client, on which calls of models are noted when they are made: a query of Prisma's begins when it is waited for, far from
 * where it stands. `made` is what it was before it was extended, which alone has `$on`. Promises, transactions and extensions stay Prisma's own. What is not known to be a client is given back.
 */
export function followClient<Client>(client: Client, made: Client = client): Client {
  const described = (client as AnyPrismaClient | undefined)?._runtimeDataModel?.models;
  if (typeof client !== "object" || client === null || typeof described !== "object") return client;
  const models = new Map(Object.keys(described).map((model) => [delegateOf(model), model]));
  return follow(client as Named, models, made as Named) as Client;
}

const delegateOf = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}`;

function follow(client: Named, models: ReadonlyMap<string, string>, first: Named): Named {
  const made = new Map<PropertyKey, readonly [own: unknown, ours: unknown]>();
  const oursOf = (name: PropertyKey, own: unknown): unknown => {
    const model = models.get(String(name));
    if (model !== undefined && typeof own === "object" && own !== null) return followModel(own as Named, model);
    if (typeof own !== "function") return own;
    if (name === "$extends") return (...args: unknown[]) => again(Reflect.apply(own, client, args));
    if (name === "$transaction") return transactionOf(own as Callable, client, again);
    return isClass(own) ? own : own.bind(name === "$on" ? first : client);
  };
  const again = (next: unknown): unknown => (isObject(next) ? follow(next, models, next) : next);
  // An extended client has `$on`, undefined, for ever: only another object can say something else.
  return new Proxy(first === client ? client : (Object.create(client) as Named), {
    set: (_, name, value) => Reflect.set(client, name, value),
    get(_, name) {
      const own = Reflect.get(client, name, client) ?? (name === "$on" ? first[name] : undefined);
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
  const made = new Map<string, Callable>();
  const ours: Named = new Proxy(delegate, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== "function" || typeof name !== "string" || isSpy(own)) return own;
      const known = made.get(name);
      if (known !== undefined) return known;
      const noted = notedCall(delegate, name, { op: `${model}.${opOf(name)}`, ours: () => ours });
      made.set(name, noted);
      return noted;
    },
  });
  return ours;
}

/** What a test has put there has things of its own on it, to ask for. Prisma's methods have none, and are made anew each time. */
const isSpy = (own: object): boolean => Object.keys(own).length > 0;

function notedCall(delegate: Named, name: string, { op, ours }: { op: string; ours: () => Named }): Callable {
  return function noted(...args) {
    noteCall(op, noted);
    const own = delegate[name] as Callable;
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
