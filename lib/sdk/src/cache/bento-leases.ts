import type { Clock } from "../clock.ts";
import type { Bento } from "./bento.ts";
import { LEASE_MS, type Address, type Begun, type Leases } from "./leases.ts";
import { newVersion } from "./redis-leases.ts";

/** How long a fill waits before it looks whether its lease was overwritten: longer than a write on its way takes. */
const SETTLE_MS = 50;

/**
 * Versions and leases in a BentoCache of any kind. They are stored as expired already and read within their grace:
 * BentoCache then asks the shared layer each time, in place of trusting this process's memory. Invalidations are exact;
 * leases are not, as no store here can compare and set: two visits that come within one round trip of each other may
 * both compute. A fill, which is in no hurry, waits until it is sure.
 */
export class BentoLeases implements Leases {
  readonly kind = "bento";
  readonly #bento: Bento;
  readonly #clock: Clock;

  constructor(bento: Bento, clock: Clock) {
    this.#bento = bento;
    this.#clock = clock;
  }

  async versions({ names }: Address): Promise<string | null> {
    const found = await Promise.all(names.map((name) => this.#read(versionKey(name))));
    return found.includes(null) ? null : found.join(".");
  }

  async begin(address: Address, token: string, force = false): Promise<Begun> {
    const isFill = token.startsWith("f");
    const versions = await this.#ensure(address, isFill);
    const held = parse(await this.#read(leaseKey(address.key)));
    if (held?.versions === versions && !force) return { versions, holder: held.token };
    await this.#write(leaseKey(address.key), `${token} ${versions}`, LEASE_MS);
    if (isFill) await this.#settle();
    const kept = parse(await this.#read(leaseKey(address.key)));
    return { versions, holder: kept?.versions === versions ? kept.token : token };
  }

  async renew({ key }: Address, token: string): Promise<boolean> {
    const [lease, version] = await Promise.all([this.#read(leaseKey(key)), this.#read(versionKey(key))]);
    const held = parse(lease);
    if (held?.token !== token || held.versions.split(".")[0] !== version) return false;
    await this.#write(leaseKey(key), `${token} ${held.versions}`, LEASE_MS);
    return true;
  }

  async end({ key }: Address, token: string): Promise<void> {
    // Overwritten, not deleted: a copy in some process's memory would stand in for what is deleted.
    if (parse(await this.#read(leaseKey(key)))?.token === token) await this.#write(leaseKey(key), "", 1);
  }

  async drop(name: string): Promise<void> {
    await this.#write(versionKey(name), newVersion(), DROPPED_MS);
  }

  async #ensure(address: Address, isFill: boolean): Promise<string> {
    const known = await this.versions(address);
    if (known !== null) return known;
    await Promise.all(address.names.map((name) => this.#addVersion(name, address.lifeMs)));
    if (isFill) await this.#settle();
    // Somebody else may have done the same: the last one counts. None at all means that it was invalidated at once.
    return (await this.versions(address)) ?? newVersion();
  }

  async #addVersion(name: string, lifeMs: number): Promise<void> {
    if ((await this.#read(versionKey(name))) === null) await this.#write(versionKey(name), newVersion(), lifeMs);
  }

  #settle(): Promise<void> {
    return new Promise((resume) => void this.#clock.after(SETTLE_MS, resume, true));
  }

  async #read(key: string): Promise<string | null> {
    const stored = await this.#bento.get({ key, grace: 1, suppressL2Errors: false });
    return typeof stored === "string" && stored !== "" ? stored : null;
  }

  async #write(key: string, text: string, lifeMs: number): Promise<void> {
    await this.#bento.set({ key, value: text, ttl: -1, grace: lifeMs, suppressL2Errors: false });
    // Reading leaves it in this process's memory for a millisecond only, where writing has left it for its life.
    await this.#bento.get({ key, grace: 1, suppressL2Errors: false });
  }
}

/** A version that nobody has used yet may be forgotten soon: without one, all counts as invalidated as well. */
const DROPPED_MS = 3_600_000;

const versionKey = (name: string): string => `version:${name}`;
const leaseKey = (name: string): string => `lease:${name}`;

function parse(lease: string | null): { token: string; versions: string } | undefined {
  const [token, versions] = lease?.split(" ") ?? [];
  return token === undefined || versions === undefined ? undefined : { token, versions };
}
