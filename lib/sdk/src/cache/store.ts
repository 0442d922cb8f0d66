import type { Clock } from "../clock.ts";
import type { Bento } from "./bento.ts";
import { entryOf, type Entry } from "./entry.ts";
import { Guard } from "./guard.ts";
import type { Address, Begun, Leases } from "./leases.ts";
import { PendingDrops } from "./pending-drops.ts";

export type { Bento } from "./bento.ts";

/** How long one call of the store may take, in milliseconds: what a visit loses at most when the store hangs. */
const CALL_MS = 250;
/** And one invalidation: what a write loses at most. It waits longer, as others may be served old values until it is told. */
const DROP_MS = 2_000;

export interface StoreParts {
  bento: Bento;
  leases: Leases;
  clock: Clock;
  report: (error: unknown) => void;
  /** Whether it is this process's own memory, which can neither hang nor fail. */
  unguarded?: boolean;
}

/** A load under way in this process. */
export interface UnderWay {
  readonly address: Address;
  /** What it computes is invalid for everybody who comes from now on. */
  void(): void;
}

/** A BentoCache with leases: every call of it is limited in time and rejects with a `StoreFailure` only. */
export class CacheStore {
  readonly bento: Bento;
  readonly leases: Leases;
  /** Loads of this process, by key. */
  readonly flights = new Map<string, UnderWay>();
  readonly #guard: Guard | undefined;
  readonly #pending: PendingDrops;

  constructor(parts: StoreParts) {
    this.bento = parts.bento;
    this.leases = parts.leases;
    const { clock, report, leases } = parts;
    this.#guard = parts.unguarded ? undefined : new Guard({ clock, limitMs: CALL_MS, report });
    // A guard of its own: that reads were slow is no reason not to tell what is invalid.
    const dropGuard = parts.unguarded ? undefined : new Guard({ clock, limitMs: DROP_MS, report });
    const tell = (name: string) => leases.drop(name);
    this.#pending = new PendingDrops(clock, dropGuard ? (name) => dropGuard.run("invalidate", () => tell(name)) : tell);
  }

  /** What is stored under the key, whatever its versions. */
  async read(key: string): Promise<Entry | undefined> {
    const options = { key, grace: false, suppressL2Errors: false } as const;
    return entryOf(
      await (this.#guard ? this.#guard.run("read", () => this.bento.get(options)) : this.bento.get(options)),
    );
  }

  /** As `read`, past a copy in this process's memory, which BentoCache keeps when it has a layer there. */
  async readPastMemory(key: string): Promise<Entry | undefined> {
    const shared = { skipL2Write: true, skipBusNotify: true, suppressL2Errors: false };
    await this.#run("read", () => this.bento.set({ key, value: 0, ttl: -1, grace: false, ...shared }));
    return this.read(key);
  }

  /** Stores anything for so many milliseconds. */
  async write(key: string, value: unknown, ttlMs: number): Promise<void> {
    await this.#run("write", () => this.bento.set({ key, value, ttl: ttlMs, grace: false, suppressL2Errors: false }));
  }

  async remove(key: string): Promise<void> {
    await this.#run("remove", () => this.bento.delete({ key, suppressL2Errors: false }));
  }

  /** As `Leases.versions`; null as long as an invalidation could not be told to the store. */
  versions(address: Address): string | null | Promise<string | null> {
    if (this.#pending.any(address.names)) return null;
    return this.#guard ? this.#guard.run("read", () => this.leases.versions(address)) : this.leases.versions(address);
  }

  begin(address: Address, token: string, force?: boolean): Begun | Promise<Begun> {
    return this.#run("begin", () => this.leases.begin(address, token, force));
  }

  renew(address: Address, token: string): boolean | Promise<boolean> {
    return this.#run("renew", () => this.leases.renew(address, token));
  }

  end(address: Address, token: string): void | Promise<void> {
    return this.#run("end", () => this.leases.end(address, token));
  }

  /**
   * Invalidates a name. When the store cannot be told, this process serves nothing from the cache under that name until
   * the store was told: it tries again by itself. Resolves with whether it was told, and never rejects.
   */
  drop(name: string): Promise<boolean> {
    for (const flight of this.flights.values()) {
      if (flight.address.names.includes(name)) this.#void(flight);
    }
    return this.#pending.drop(name);
  }

  #void(flight: UnderWay): void {
    this.flights.delete(flight.address.key);
    flight.void();
  }

  #run<Result>(what: string, call: () => Result | Promise<Result>): Result | Promise<Result> {
    return this.#guard ? this.#guard.run(what, call) : call();
  }
}
