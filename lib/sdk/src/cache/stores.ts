import type { Bento } from "./bento.ts";
import type { CacheStore } from "./store.ts";

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package know the same stores. */
const STORES = Symbol.for("@tailfill/sdk cache stores 1");

const holder = globalThis as typeof globalThis & { [STORES]?: Map<Bento, CacheStore> };

/** Every store of this process, by the BentoCache that it keeps values in: one has one breaker and one set of flights. */
export function stores(): Map<Bento, CacheStore> {
  return (holder[STORES] ??= new Map());
}
