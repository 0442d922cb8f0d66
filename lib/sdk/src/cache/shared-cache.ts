import { systemClock } from "../clock.ts";
import type { Bento } from "./bento.ts";
import { BentoLeases } from "./bento-leases.ts";
import type { Leases } from "./leases.ts";
import { LocalLeases } from "./local-leases.ts";
import { RedisLeases, type RedisConnection } from "./redis-leases.ts";
import { reportError } from "./report.ts";
import { CacheStore } from "./store.ts";
import { stores } from "./stores.ts";
import { warnOnce } from "../registry.ts";

export interface SharedCacheOptions {
  /** The ioredis connection (single or cluster) that versions and leases are kept with; best the one BentoCache uses. */
  redis?: RedisConnection;
}

/**
 * A BentoCache whose values several processes share. With `redis`, a value is computed once in all of them, and every
 * visit costs one more question that travels beside BentoCache's own. Without it, versions and leases are kept in the
 * BentoCache itself, whatever its store: invalidations are as exact, but two visits at once may both compute.
 */
export function sharedCache(bento: Bento, { redis }: SharedCacheOptions = {}): CacheStore {
  return storeOf(bento, redis ? new RedisLeases(redis) : new BentoLeases(bento, systemClock));
}

/** A BentoCache whose values no other process sees, such as one in memory alone: nothing needs to be asked for a version. */
export function privateCache(bento: Bento): CacheStore {
  return storeOf(bento, new LocalLeases());
}

function storeOf(bento: Bento, leases: Leases): CacheStore {
  const known = stores().get(bento);
  if (known === undefined) {
    const store = new CacheStore({ bento, leases, clock: systemClock, report: reportStore });
    stores().set(bento, store);
    return store;
  }
  if (known.leases.kind === leases.kind) return known;
  throw new Error(
    "this BentoCache is in use already, with leases of another kind: call sharedCache before defineCached",
  );
}

/** An app without `onError` would not learn that its cache is of no use. */
function reportStore(error: unknown): void {
  warnOnce("cache_store", `values are not cached for now: ${error instanceof Error ? error.message : String(error)}`);
  reportError(error);
}
