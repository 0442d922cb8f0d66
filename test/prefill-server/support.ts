import { buildProfiles } from "@/lib/prefill/build-profiles";
import { prefillRound } from "@/lib/prefill/round";
import { Folder } from "@/lib/rollup/fold";
import type { Db } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { CACHE_METHOD, LOAD_METHOD } from "@/lib/wire/index";
import type { EndpointSeries } from "@/lib/wire/index";
import { seeded } from "../query/support/oracle.ts";
import { batchOf, payloadOf } from "../support/batches.ts";
import { store } from "../support/stored.ts";

export { buildProfiles };
const HOUR = 3_600_000;

/** How a user of the definition `feed` fares. */
export interface Habit {
  user: string;
  /** Visits an hour that find nothing in the cache, and that do. */
  misses: number;
  hits: number;
  missUs: number;
  hitUs: number;
  loadUs: number;
}

export const slow = (user: string, changes: Partial<Habit> = {}): Habit => ({
  user,
  misses: 1,
  hits: 1,
  missUs: 900_000,
  hitUs: 10_000,
  loadUs: 850_000,
  ...changes,
});
export const quick = (user: string, changes: Partial<Habit> = {}): Habit =>
  slow(user, { missUs: 40_000, loadUs: 30_000, ...changes });

/** Latencies around a value, the same for the same seed. */
function around(us: number, count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => Math.round(us * (0.9 + 0.2 * random())));
}

/** What such users send in some hours: requests to `GET /feed`, which uses the definition unless `cached` is false. */
export async function live(
  db: Db,
  habits: readonly Habit[],
  { fromMs, toMs, cached = true, seed = 1 }: { fromMs: number; toMs: number; cached?: boolean; seed?: number },
): Promise<void> {
  const random = seeded(seed);
  for (let at = fromMs; at < toMs; at += HOUR) {
    await ensurePartitions(db, at);
    const rows = habits.map((habit) => ({
      habit,
      misses: around(habit.missUs, habit.misses, random),
      hits: around(habit.hitUs, habit.hits, random),
      loads: around(habit.loadUs, habit.misses, random),
    }));
    const users = rows.map(({ habit, misses, hits }) => ({
      id: habit.user,
      latency: payloadOf(...misses, ...hits),
      ...(cached && hits.length > 0 ? { hit: payloadOf(...hits) } : {}),
      ...(cached && misses.length > 0 ? { miss: payloadOf(...misses) } : {}),
    }));
    const all = rows.flatMap(({ misses, hits }) => [...misses, ...hits]);
    const loads = rows.map(({ habit, loads: own }) => ({ id: habit.user, latency: payloadOf(...own) }));
    const endpoints: EndpointSeries[] = [{ method: "GET", route: "/feed", outcomes: { ok: payloadOf(...all) }, users }];
    if (cached) {
      endpoints.push({ method: CACHE_METHOD, route: "feed", outcomes: { ok: payloadOf(...all) }, users });
      const ok = payloadOf(...rows.flatMap((row) => row.loads));
      endpoints.push({ method: LOAD_METHOD, route: "feed", outcomes: { ok }, users: loads });
    }
    await store(db, batchOf({ window: { startMs: at, seconds: 10 }, endpoints }));
  }
  await new Folder(db).fold();
}

export const round = (db: Db, nowMs: number): Promise<void> =>
  prefillRound(db, { nowMs: () => nowMs, stop: () => false });
