import type { UserTable } from "../query/user-table.ts";
import type { Db } from "../store/db.ts";
import { followedBy } from "../store/prefill-learning.ts";
import { highOf, lowOf } from "../store/user-key.ts";
import { SAMPLED_SHARE } from "../wire/index.ts";
import type { Followed, UseCounts } from "./signals.ts";

/** What decisions taught about one definition. */
export interface Learned {
  use: UseCounts;
  /** Visits that a signal had announced. */
  announced: number;
  /** Fills that were visited in their window, and those of them that the visit found done. */
  visited: number;
  inTime: number;
  /** Since when there are decisions; infinite without any. */
  firstMs: number;
  /** By the number of the user. `inTime`: cold visits that are no misses, because of a fill. */
  users: Map<number, Followed & { inTime: number }>;
}

export const nothingLearned = (): Learned => ({
  use: { any: { seen: 0, followed: 0 }, bySignal: new Map() },
  announced: 0,
  visited: 0,
  inTime: 0,
  firstMs: Number.POSITIVE_INFINITY,
  users: new Map(),
});

/** What the latest decisions of a scope teach, by definition. Users are numbered by their place in the table. */
export async function learnedOf(
  db: Db,
  scopeId: number,
  { nowMs, users }: { nowMs: number; users: UserTable },
): Promise<Map<number, Learned>> {
  const found = new Map<number, Learned>();
  for (const row of await followedBy(db, scopeId, { nowMs, sampledShare: SAMPLED_SHARE })) {
    const { definitionId, signal, userKey, seen, followed, effective, visited, inTime, firstMs } = row;
    const learned = found.get(definitionId) ?? nothingLearned();
    found.set(definitionId, learned);
    if (userKey !== null) {
      learned.users.set(users.placeOf(highOf(userKey), lowOf(userKey)), { seen, followed, inTime });
      continue;
    }
    const bySignal = learned.use.bySignal as Map<string, Followed>;
    const told = { seen: effective, followed: (followed / seen) * effective };
    bySignal.set(signal!, told);
    learned.use.any.seen += told.seen;
    learned.use.any.followed += told.followed;
    learned.announced += followed;
    learned.visited += visited;
    learned.inTime += inTime;
    learned.firstMs = Math.min(learned.firstMs, firstMs);
  }
  return found;
}
