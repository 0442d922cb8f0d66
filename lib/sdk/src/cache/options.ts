import { cleanName } from "../../../wire/index.ts";
import { milliseconds, type Duration } from "../duration.ts";
import type { LoadContext } from "./definition-type.ts";
import type { Bento, CacheStore } from "./store.ts";

export interface CachedOptions<Value> {
  /** Unique in the process, and the same in every process of the app: the dashboard shows it, and keys begin with it. */
  name: string;
  /** Computes the user's value. It runs in the background too, so it must not write (last seen, read marks) and must not need a request. */
  load: (user: string, context: LoadContext) => Value | Promise<Value>;
  /**
   * What the value belongs to; default: the user's id itself. Everything that changes the value must be in it: locale, role,
   * feature flags, a tenant. Two users with one key share one value.
   */
  key?: (user: string) => string;
  /** How long a value may be served. It varies by ±10 %, so that what was stored together does not expire together. */
  ttl: Duration;
  /** How much longer an expired value may be served while a new one is computed. Default 0. Never served once invalidated. */
  staleFor?: Duration;
  /** Groups that the value is invalidated with, by `invalidateTag`: known before it is computed. A few at most. */
  tags?: readonly string[] | ((user: string) => readonly string[]);
  /** Signals that announce a visit: routes such as `POST /sign-in`, or names given to `prefill.signal`. None: any first request of a session. */
  signals?: readonly string[];
  /** Change it when the value's shape changes: a new version never reads what an old one stored. Default 1. */
  version?: string | number;
  /** Where values are kept: a BentoCache, or what `sharedCache` or `privateCache` made of one. Default: this process's memory. */
  cache?: Bento | CacheStore;
  /** How long a visit waits for a value that somebody else computes, before it computes its own. Default 5 s. */
  waitFor?: Duration;
  /** How long a fill may take. Default 30 s. Visits wait for `load` as long as it takes. */
  fillWithin?: Duration;
}

/** The options, checked and completed. Durations are in milliseconds. */
export interface CachedSettings<Value> {
  name: string;
  version: string;
  load: (user: string, context: LoadContext) => Value | Promise<Value>;
  keyOf: (user: string) => string;
  tagsOf: ((user: string) => readonly string[]) | undefined;
  signals: readonly string[];
  ttlMs: number;
  staleMs: number;
  waitMs: number;
  fillMs: number;
}

/** Throws a TypeError that says what is wrong: a definition is made once, when the app starts. */
export function readOptions<Value>(options: CachedOptions<Value>): CachedSettings<Value> {
  const { name, load, key, tags } = options;
  if (typeof name !== "string" || name === "") throw new TypeError("defineCached: a definition needs a name");
  const wrong = (what: string): TypeError => new TypeError(`defineCached ${JSON.stringify(name)}: ${what}`);
  if (typeof load !== "function") throw wrong("load must be a function");
  if (key !== undefined && typeof key !== "function") throw wrong("key must be a function of the user");
  const ms = (option: "ttl" | "staleFor" | "waitFor" | "fillWithin", otherwise: Duration): number => {
    const given = milliseconds(options[option] ?? otherwise);
    if (given === undefined)
      throw wrong(`${option} must be seconds, or a text such as "10m", not ${String(options[option])}`);
    return given;
  };
  const ttlMs = ms("ttl", "");
  if (ttlMs < 1) throw wrong("ttl must be more than 0");
  return {
    name: cleanName(name),
    version: String(options.version ?? 1),
    load,
    keyOf: key ?? ((user) => user),
    tagsOf: tags === undefined || typeof tags === "function" ? tags : () => tags,
    signals: [...(options.signals ?? [])],
    ttlMs,
    staleMs: ms("staleFor", 0),
    waitMs: ms("waitFor", 5),
    fillMs: ms("fillWithin", 30),
  };
}
