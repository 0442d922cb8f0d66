import { compareKeys } from "../store/user-key.ts";
import type { Piece } from "../store/user-pack.ts";

/** A user of one endpoint and window, with histograms that still have to be added up: there may be several of a kind. */
export interface GatheredUser {
  high: number;
  low: number;
  pieces: Piece[];
}

/** Sorts users by key, in place, and makes one of those that have the same key. */
export function sortUsers(users: GatheredUser[]): GatheredUser[] {
  users.sort((a, b) => compareKeys(a.high, a.low, b.high, b.low));
  const sorted: GatheredUser[] = [];
  let last: GatheredUser | undefined;
  for (const user of users) {
    if (last !== undefined && last.high === user.high && last.low === user.low) {
      last.pieces.push(...user.pieces);
      continue;
    }
    sorted.push(user);
    last = user;
  }
  return sorted;
}
