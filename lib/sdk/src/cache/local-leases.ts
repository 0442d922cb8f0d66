import { randomBytes } from "node:crypto";
import type { Address, Begun, Leases } from "./leases.ts";

interface Lease {
  token: string;
  versions: string;
}

/** Far more keys and tags than the default store keeps values. The oldest go first: their values count as invalidated. */
const MOST_VERSIONS = 200_000;

/** Leases for values that no other process sees. They end with the process, so they need no time limit. */
export class LocalLeases implements Leases {
  readonly kind = "private";
  readonly #versions = new Map<string, string>();
  readonly #leases = new Map<string, Lease>();
  /** A store that outlives the process may hold values of an earlier one: their versions must not come again. */
  readonly #salt = randomBytes(6).toString("base64url");
  readonly #most: number;
  #last = 0;

  constructor(most = MOST_VERSIONS) {
    this.#most = most;
  }

  versions({ names }: Address): string | null {
    let all = "";
    for (const name of names) {
      const version = this.#versions.get(name);
      if (version === undefined) return null;
      all = all === "" ? version : `${all}.${version}`;
    }
    return all;
  }

  begin({ key, names }: Address, token: string, force = false): Begun {
    const versions = names.map((name) => this.#versionOf(name)).join(".");
    const held = this.#leases.get(key);
    if (held !== undefined && held.versions === versions && !force) return { versions, holder: held.token };
    this.#leases.set(key, { token, versions });
    return { versions, holder: token };
  }

  renew({ key }: Address, token: string): boolean {
    return this.#leases.get(key)?.token === token;
  }

  end({ key }: Address, token: string): void {
    if (this.#leases.get(key)?.token === token) this.#leases.delete(key);
  }

  drop(name: string): void {
    this.#versions.delete(name);
  }

  /** The name's version, a new one if it has none; the last used come last in the map. */
  #versionOf(name: string): string {
    const version = this.#versions.get(name) ?? this.#salt + (++this.#last).toString(36);
    this.#versions.delete(name);
    this.#versions.set(name, version);
    if (this.#versions.size > this.#most) this.#versions.delete(this.#versions.keys().next().value as string);
    return version;
  }
}
