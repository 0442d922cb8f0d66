import { systemClock } from "../clock.ts";
import type { CachedDefinition } from "./definition-type.ts";
import { defaultStore } from "./default-store.ts";
import { Definition } from "./definition.ts";
import { readOptions, type CachedOptions } from "./options.ts";
import { register } from "./registry.ts";
import { sharedCache } from "./shared-cache.ts";
import type { CacheStore } from "./store.ts";
import { stores } from "./stores.ts";
import { tagKey } from "./keys.ts";

import type { Bento } from "./bento.ts";
export type { Bento } from "./bento.ts";
export type { CachedDefinition, FillOrder, FillResult, LoadContext } from "./definition-type.ts";
export type { Duration } from "../duration.ts";
export type { CachedOptions } from "./options.ts";
export type { RedisConnection } from "./redis-leases.ts";
export { privateCache, sharedCache, type SharedCacheOptions } from "./shared-cache.ts";
export type { CacheStore } from "./store.ts";

/**
 * Defines a cached value of each user, once, for the handler that serves it and for the filler that computes it before
 * the user comes: `const count = defineCached({ name: "comment count", ttl: "10m", load: (user) => countOf(user) })`,
 * and in the handler `await count.get(user)`. Throws when an option is wrong or the name is taken.
 */
export function defineCached<Value>(options: CachedOptions<Value>): CachedDefinition<Value> {
  const settings = readOptions(options);
  const store = storeFor(options.cache);
  const definition = new Definition(settings, store, systemClock);
  register(definition);
  return definition;
}

function storeFor(cache: Bento | CacheStore | undefined): CacheStore {
  if (cache === undefined) return defaultStore();
  // Not `instanceof`: it may be of the other copy of this package, ESM or CommonJS.
  if ("flights" in cache) return cache;
  return stores().get(cache) ?? sharedCache(cache);
}

/** Invalidates all values that have this tag, in every definition of this process and in all processes of their store. */
export async function invalidateTag(tag: string): Promise<void> {
  const name = tagKey(tag);
  await Promise.all([...stores().values()].map((store) => store.drop(name)));
}
