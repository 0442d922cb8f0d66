import { indexOf, isAbove } from "../histogram/index.ts";
import { labelsOf } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { OTHER_USERS_KEY, userKey } from "../store/user-key.ts";
import type { CopiedUserRow } from "../store/window-copy.ts";
import { align, segmentsOf } from "./plan.ts";
import { Tally } from "./tally.ts";
import { countUsers, eachOfUser, fetchUserRows } from "./user-windows.ts";

/** A question about users of some endpoints of one service in one stretch, Unix seconds, whole minutes. */
export interface UsersAsk {
  service: string;
  serviceId: number;
  endpointIds: readonly number[];
  fromSeconds: number;
  toSeconds: number;
  percentile: number;
  /** Whose percentile lies above is answered, those with most requests above first. */
  thresholdUs: number;
  /** Users with fewer requests are left out. */
  minCount: number;
  /** At most so many are above at a time, those asked for in any case among them. */
  limit: number;
  /** These are answered in any case, also without a single request. */
  always: readonly string[];
}

export interface UserFigures {
  user: string;
  count: number;
  /** `null` without requests. */
  valueUs: number | null;
}

/** Users whose percentile is above a threshold, and those that are asked for. `(other users)` is nobody. */
export async function userFigures(db: Db, ask: UsersAsk, nowMs: number): Promise<UserFigures[]> {
  const rows = await rowsOf(db, ask, nowMs);
  const asked = ask.always.map((user) => ({ user, key: userKey(ask.service, user) }));
  const known = new Set(asked.map(({ key }) => key));
  const above = await keysOver(rows, ask);
  const others = above.filter((key) => !known.has(key));
  const over = others.slice(0, Math.max(0, ask.limit - (above.length - others.length)));
  const labels = await labelsOf(db, ask.serviceId, over);
  // Whose label is gone has not been seen for as long as anything is kept.
  const found = over.flatMap((key) => (labels.has(key) ? [{ user: labels.get(key)!, key }] : []));
  return [...asked, ...found].map(({ user, key }) => ({ user, ...figuresOfUser(rows, key, ask.percentile) }));
}

async function rowsOf(db: Db, ask: UsersAsk, nowMs: number): Promise<CopiedUserRow[]> {
  const range = align(ask, USER_TIERS, nowMs / 1_000);
  if (range === null) return [];
  const segments = segmentsOf(range, USER_TIERS);
  return snapshot(db, (connection) => fetchUserRows(connection, ask.endpointIds, { segments }));
}

/** Without anybody's histogram: a percentile lies above a threshold when enough of the requests do. */
async function keysOver(rows: readonly CopiedUserRow[], ask: UsersAsk): Promise<bigint[]> {
  if (ask.limit === 0) return [];
  const table = await countUsers(rows, indexOf(ask.thresholdUs));
  const places: number[] = [];
  for (let place = 0; place < table.size; place++) {
    const [count, above] = [table.counts[place]!, table.aboves[place]!];
    if (count >= ask.minCount && table.keyAt(place) !== OTHER_USERS_KEY && isAbove(ask.percentile, count, above))
      places.push(place);
  }
  return places.sort((a, b) => table.aboves[b]! - table.aboves[a]! || a - b).map((place) => table.keyAt(place));
}

function figuresOfUser(rows: readonly CopiedUserRow[], key: bigint, percentile: number): Omit<UserFigures, "user"> {
  const tally = new Tally();
  eachOfUser(rows, key, (payload) => tally.addUnknown(payload));
  return { count: tally.count, valueUs: tally.count === 0 ? null : tally.percentile(percentile) };
}
