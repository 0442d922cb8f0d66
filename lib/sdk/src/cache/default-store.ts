import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { systemClock } from "../clock.ts";
import { LocalLeases } from "./local-leases.ts";
import { reportError } from "./report.ts";
import type { Bento } from "./bento.ts";
import { CacheStore } from "./store.ts";
import { stores } from "./stores.ts";

const MOST_ITEMS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;

let made: CacheStore | undefined;

/** Where values are kept when nobody says where: at most 10,000 of them, and 64 MiB, in this process's memory. */
export function defaultStore(): CacheStore {
  if (made === undefined) {
    made = memoryStore();
    stores().set(made.bento, made);
  }
  return made;
}

/** A new store in this process's memory. */
export function memoryStore(clock = systemClock): CacheStore {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems: MOST_ITEMS, maxSize: MOST_BYTES }));
  const bento: Bento = new BentoCache({ default: "memory", stores: { memory: store }, prefix: "tailfill" });
  const leases = new LocalLeases();
  return new CacheStore({ bento, leases, clock, report: reportError, unguarded: true });
}
