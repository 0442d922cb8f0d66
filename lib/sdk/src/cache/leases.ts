/** What a value is stored under, and what its versions are kept under. */
export interface Address {
  readonly key: string;
  /** The key itself, then its tags: an invalidation of any of them invalidates the value. */
  readonly names: readonly string[];
  /** How long the value may live, in milliseconds: versions must live as long. */
  readonly lifeMs: number;
}

export interface Begun {
  /** The versions that are current now, before the load; what is loaded now may be stored under them. */
  versions: string;
  /** The token of who computes: one's own, or that of somebody else whose load is under way under the same versions. */
  holder: string;
}

/**
 * Versions and leases of keys. A version is a random text that lasts until it is invalidated; a missing one counts as
 * invalidated, so that losing versions costs misses and never serves an old value. A lease says who computes a key's
 * value, and ends by itself when its holder dies. Answers may be promises, which reject when the store cannot be asked.
 */
export interface Leases {
  /** `private`: this process's own. `redis`: kept in Redis itself. `bento`: kept in the BentoCache. */
  readonly kind: "private" | "redis" | "bento";
  /** The current versions of all names as one text, or null when one of them has none. */
  versions(address: Address): string | null | Promise<string | null>;
  /** Gives every name a version, and the lease to `token` unless somebody else has it under the same versions. */
  begin(address: Address, token: string, force?: boolean): Begun | Promise<Begun>;
  /** Prolongs the lease; false when `token` does not have it any more. */
  renew(address: Address, token: string): boolean | Promise<boolean>;
  /** Ends the lease, if `token` has it. */
  end(address: Address, token: string): void | Promise<void>;
  /** Invalidates: what was loaded, or is being loaded, under this key or tag is void from now on. */
  drop(name: string): void | Promise<void>;
}

/** How long a lease lasts when it is not renewed: as long as visits wait behind a process that died. */
export const LEASE_MS = 4_000;
