import type { Clock } from "../clock.ts";
import { freshness, jittered, type Entry, type Freshness } from "./entry.ts";
import { keyPrefix, storeKey, tagKey } from "./keys.ts";
import type { Address } from "./leases.ts";
import type { CachedSettings } from "./options.ts";
import type { CacheStore } from "./store.ts";

/** What a fill is for. A refresh of an expired value is a fill without a decision. */
export interface Errand {
  decision?: string;
  /** Not worth anything after this time, in milliseconds since the epoch. */
  notAfterMs: number;
  /** Computes anew what is there: it expires soon. */
  refresh?: boolean;
  signal?: AbortSignal;
}

export interface Found {
  freshness: Freshness;
  entry: Entry | undefined;
}

/** How much longer than its values a version lives, in milliseconds: loads take their time too. */
const MARGIN_MS = 60_000;

/** One definition's part of the store. Where it asks the store, it rejects with a `StoreFailure` only. */
export class Shelf {
  readonly store: CacheStore;
  readonly #settings: CachedSettings<unknown>;
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #lifeMs: number;

  constructor(store: CacheStore, settings: CachedSettings<never>, clock: Clock) {
    this.store = store;
    this.#settings = settings as CachedSettings<unknown>;
    this.#clock = clock;
    this.#prefix = keyPrefix(settings.name, settings.version);
    this.#lifeMs = Math.ceil(settings.ttlMs * 1.1) + settings.staleMs + settings.fillMs + MARGIN_MS;
  }

  /** Throws what the app's own `key` and `tags` throw, and a TypeError for what they must not return. */
  addressOf(user: string): Address {
    const { keyOf, tagsOf } = this.#settings;
    const key = storeKey(this.#prefix, keyOf(user));
    const names = tagsOf === undefined ? [key] : [key, ...tagsOf(user).map(tagKey)];
    return { key, names, lifeMs: this.#lifeMs };
  }

  /** What is stored, if it may be served. */
  async read(address: Address): Promise<Found> {
    const { store } = this;
    const asked = store.versions(address);
    if (asked === null || typeof asked === "string") return this.#judge(await store.read(address.key), asked);
    const [entry, current] = await Promise.all([store.read(address.key), asked]);
    const isOld = entry !== undefined && current !== null && entry.v !== current;
    // It may be a copy in this process's memory, behind which there is a newer one.
    return this.#judge(
      isOld && store.leases.kind !== "private" ? await store.readPastMemory(address.key) : entry,
      current,
    );
  }

  /** Stores a value that was loaded under these versions. False when it was invalidated meanwhile: then it is not stored. */
  async keep(address: Address, value: unknown, under: { versions: string; order?: Errand }): Promise<boolean> {
    const asked = this.store.versions(address);
    // Not awaited when it is known already: nothing may come between this look and the write to this process's memory.
    const current = asked === null || typeof asked === "string" ? asked : await asked;
    if (current !== under.versions) return false;
    const ttlMs = jittered(this.#settings.ttlMs, this.#clock.random());
    const entry: Entry = { v: under.versions, e: this.#clock.wallMs() + ttlMs, d: value };
    if (under.order?.decision !== undefined)
      Object.assign(entry, { f: under.order.decision, u: under.order.notAfterMs });
    await this.store.write(address.key, entry, ttlMs + this.#settings.staleMs);
    return true;
  }

  /** Notes a decision in an entry that was there already, unless it is there for another one. */
  async note(address: Address, entry: Entry, order: Errand): Promise<void> {
    const nowMs = this.#clock.wallMs();
    const leftMs = entry.e + this.#settings.staleMs - nowMs;
    if (leftMs < 1 || (entry.f !== undefined && nowMs < (entry.u ?? 0))) return;
    await this.store.write(address.key, { ...entry, f: order.decision, u: order.notAfterMs }, leftMs);
  }

  async mark(address: Address, decision: string, untilMs: number): Promise<void> {
    const leftMs = untilMs - this.#clock.wallMs();
    if (leftMs >= 1) await this.store.write(markerKey(address), { v: "", e: untilMs, f: decision }, leftMs);
  }

  /** The decision that waits for its first visit, if there is one. It is told once: then the marker goes. */
  async marked(address: Address): Promise<string | undefined> {
    const marker = await this.store.read(markerKey(address));
    if (marker === undefined || this.#clock.wallMs() >= marker.e) return undefined;
    await this.store.remove(markerKey(address));
    return marker.f;
  }

  #judge(entry: Entry | undefined, current: string | null): Found {
    const when = { nowMs: this.#clock.wallMs(), staleMs: this.#settings.staleMs };
    return { freshness: freshness(entry, current, when), entry };
  }
}

const markerKey = ({ key }: Address): string => `mark:${key}`;
