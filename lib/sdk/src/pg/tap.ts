import { kept } from "../context.ts";
import { isTapped, markTapped } from "../database/tapped.ts";
import { askThrough, noteQuery, type AskOptions } from "./query.ts";

/** What is used of a client of pg. */
export interface AnyClient {
  query(...args: unknown[]): unknown;
  /** Set for a connection of the replication protocol, which knows no comments. */
  replication?: unknown;
}

// What a class must take that extends another one, by TypeScript's rules.
// oxlint-disable-next-line typescript/no-explicit-any
type ClassOf<Made> = new (...args: any[]) => Made;
export type ClientClass = ClassOf<AnyClient>;
export type PoolClass = ClassOf<AnyPool>;

/** What is used of a pool of pg. */
export interface AnyPool {
  connect(callback?: (...args: unknown[]) => unknown): unknown;
  query(...args: unknown[]): unknown;
  /** What it makes its connections with. */
  Client: ClientClass;
  /** The connections that it has by now. */
  _clients?: readonly AnyClient[];
}

/** The class with a `query` that counts. */
export function tapClientClass<Base extends ClientClass>(base: Base, options: AskOptions): Base {
  if (isTapped(base)) return base;
  const Tapped = class extends base {
    override query(...args: unknown[]): unknown {
      // oxlint-disable-next-line typescript/unbound-method -- only told where the app's frames begin
      noteQuery(args[0], Tapped.prototype.query);
      return askThrough((...given) => super.query(...given), args, optionsFor(this, options));
    }
  };
  Object.defineProperty(Tapped, "name", { value: base.name });
  markTapped(Tapped);
  return Tapped;
}

/** The same for one client. */
export function tapClient<Client extends AnyClient>(client: Client, options: AskOptions): Client {
  if (isTapped(client) || isTapped(client.constructor)) return client;
  const own = client.query.bind(client);
  client.query = function noted(...args) {
    noteQuery(args[0], noted);
    return askThrough(own, args, optionsFor(client, options));
  };
  markTapped(client);
  return client;
}

function optionsFor({ replication }: AnyClient, options: AskOptions): AskOptions {
  return replication ? { comment: false } : options;
}

/**
 * The pool, whose connections count. A connection that somebody waits for is handed on while another request gives it
 * back: what the waiter does with it belongs to the waiter.
 */
export function tapPool<Pool extends AnyPool>(pool: Pool, options: AskOptions): Pool {
  if (isTapped(pool)) return pool;
  pool.Client = tapClientClass(pool.Client, options);
  for (const client of pool._clients ?? []) tapClient(client, options);
  const own = pool.connect.bind(pool);
  pool.connect = function (callback) {
    return own(typeof callback === "function" ? kept(callback) : callback);
  };
  noteQueries(pool);
  markTapped(pool);
  return pool;
}

/** A pool asks its connection later, when the stack tells no more where the statement stands. */
function noteQueries(pool: AnyPool): void {
  const own = pool.query.bind(pool);
  pool.query = function noted(...args) {
    noteQuery(args[0], noted);
    return own(...args);
  };
}

export function tapPoolClass<Base extends PoolClass>(base: Base, options: AskOptions): Base {
  const Tapped = class extends base {
    // oxlint-disable-next-line typescript/no-explicit-any
    constructor(...args: any[]) {
      super(...args);
      tapPool(this, options);
    }
  };
  Object.defineProperty(Tapped, "name", { value: base.name });
  markTapped();
  return Tapped;
}
