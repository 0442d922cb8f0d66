import type { UserTable } from "../query/user-table.ts";
import type { Db } from "../store/db.ts";
import { followedBy, occasionsFollowed } from "../store/prefill-learning.ts";
import { highOf, lowOf } from "../store/user-key.ts";
import { SAMPLED_SHARE } from "../wire/index.ts";
import type { OccasionCounts, OccasionName } from "./occasions.ts";
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
  /** From a decision on a signal to the visit that followed, in hours on average; what is assumed without any. */
  delayHours: number;
  /** What came of moments that are no signals. */
  occasions: Record<OccasionName, OccasionCounts>;
  /** By the number of the user. `inTime`: cold visits that are no misses, because of a fill. */
  users: Map<number, Followed & { inTime: number }>;
}

/** Before anything was seen, a visit follows a signal after a minute. */
const UNKNOWN_DELAY_HOURS = 1 / 60;

export const nothingLearned = (): Learned => ({
  use: { any: { seen: 0, followed: 0 }, bySignal: new Map() },
  announced: 0,
  visited: 0,
  inTime: 0,
  firstMs: Number.POSITIVE_INFINITY,
  delayHours: UNKNOWN_DELAY_HOURS,
  occasions: { refresh: { expected: 0, followed: 0 }, clock: { expected: 0, followed: 0 } },
  users: new Map(),
});

/** What the latest decisions of a scope teach, by definition. Users are numbered by their place in the table. */
export async function learnedOf(
  db: Db,
  scopeId: number,
  { nowMs, users }: { nowMs: number; users: UserTable },
): Promise<Map<number, Learned>> {
  const found = new Map<number, Learned>();
  const wish = { nowMs, sampledShare: SAMPLED_SHARE };
  for (const row of await followedBy(db, scopeId, wish)) {
    const { definitionId, signal, userKey, seen, followed, effective, visited, inTime, firstMs } = row;
    const learned = entryOf(found, definitionId);
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
    if (row.delaySeconds !== null) {
      const [before, all] = [learned.announced - followed, learned.announced];
      learned.delayHours = (before * learned.delayHours + (followed * row.delaySeconds) / 3_600) / Math.max(all, 1);
    }
    learned.visited += visited;
    learned.inTime += inTime;
    learned.firstMs = Math.min(learned.firstMs, firstMs);
  }
  for (const { definitionId, occasion, expected, followed } of await occasionsFollowed(db, scopeId, wish))
    entryOf(found, definitionId).occasions[occasion] = { expected, followed };
  return found;
}

function entryOf(found: Map<number, Learned>, definitionId: number): Learned {
  const learned = found.get(definitionId) ?? nothingLearned();
  found.set(definitionId, learned);
  return learned;
}
