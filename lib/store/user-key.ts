import { createHash } from "node:crypto";
import { OTHER_USERS } from "../wire/names.ts";

/** The key of `(other users)`. No user has it. */
export const OTHER_USERS_KEY = 0n;

/**
 * The 64-bit key under which a user's windows are stored: the first 8 bytes of SHA-256 over service and user id, as a
 * signed number (PostgreSQL's bigint). The service's name ends in a zero byte, which no name contains, so that no two
 * pairs give the same input. `(other users)` has key 0; an id that would hash to 0 gets 1.
 */
export function userKey(service: string, user: string): bigint {
  if (user === OTHER_USERS) return OTHER_USERS_KEY;
  const digest = createHash("sha256").update(service).update("\0").update(user).digest();
  return digest.readBigInt64BE(0) || 1n;
}

/** The signed high half of a key: the first thing that keys are ordered by. */
export const highOf = (key: bigint): number => Number(key >> 32n);

/** The unsigned low half of a key. */
export const lowOf = (key: bigint): number => Number(key & 0xffff_ffffn);

/** A key from its halves. */
export const keyOf = (high: number, low: number): bigint => (BigInt(high) << 32n) | BigInt(low);
