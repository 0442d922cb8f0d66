import { kept } from "../context.ts";
import type { Limits } from "../database/limits.ts";
import { warnOnce } from "../registry.ts";
import { isTapped, markTapped } from "../database/tapped.ts";
import { limitedAsk } from "./limited.ts";
import { askThrough, type Ask, type AskOptions, noteQuery } from "./query.ts";

/** What is used of a client of pg. */
export interface AnyClient {
  query(...args: unknown[]): unknown;
  /** Set for a connection of the replication protocol, which knows no comments. */
  replication?: unknown;
  /** Of its connection at the database, once there is one. */
  processID?: number | null;
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
  if (options.counts && isTapped(base)) return base;
  const Tapped = class extends base {
    override query(...args: unknown[]): unknown {
      // oxlint-disable-next-line typescript/unbound-method -- only told where the app's frames begin
      if (options.counts) noteQuery(args[0], Tapped.prototype.query);
      return askOf(this, (...given) => super.query(...given), args, options);
    }
  };
  Object.defineProperty(Tapped, "name", { value: base.name });
  markTapped(options.counts ? Tapped : undefined);
  return Tapped;
}

/** The same for one client. */
export function tapClient<Client extends AnyClient>(client: Client, options: AskOptions): Client {
  if (isTapped(client) || isTapped(client.constructor)) return client;
  const own = client.query.bind(client);
  client.query = function noted(...args) {
    if (options.counts) noteQuery(args[0], noted);
    return askOf(client, own, args, options);
  };
  markTapped(options.counts ? client : undefined);
  return client;
}

// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
function askOf(client: AnyClient, ask: Ask, args: unknown[], options: AskOptions): unknown {
  if (client.replication) return askThrough(ask, args, { ...options, comment: false, limits: undefined });
  const { limits } = options;
  return askThrough(limits === undefined ? ask : limitedAsk(client, ask, limits), args, options, client.processID);
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
  if (options.counts) noteQueries(pool);
  markTapped(options.counts ? pool : undefined);
  return pool;
}

const limited = new WeakSet<AnyPool>();

/** The limits alone, for the pool below a Prisma client, which counts by itself. */
export function limitPool(pool: unknown, limits: Limits): void {
  if (!isPool(pool) || limited.has(pool)) return;
  if (isTapped(pool)) {
    warnOnce("limits", "budgets and cancelOnAbort of a pool by tailfillPool are given to that, not to tailfillPrisma");
    return;
  }
  limited.add(pool);
  tapPool(pool, { comment: false, counts: false, limits });
}

function isPool(pool: unknown): pool is AnyPool {
  const { Client, connect } = (pool ?? {}) as Partial<AnyPool>;
  return typeof Client === "function" && typeof connect === "function";
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
