import { addPayload, encodePayload, newCounts } from "../histogram/index.ts";
import type { Db } from "../store/db.ts";
import { isRest, type ProfileChunk, ProfileCursor } from "../store/profile-pack.ts";
import {
  beginProfiles,
  firstSeen,
  type ProfileState,
  profileStatesOf,
  readLayers,
  saveMerged,
  saveSettled,
  settledUptoOf,
} from "../store/profiles.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { copyUserRows } from "../store/window-copy.ts";
import { HOURS_OF_WEEK } from "./hours.ts";
import { idsOf, type Subject, VisitGathering } from "./gather-visits.ts";
import { packMost, type ProfileStream, profilesIn } from "./merge-profiles.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = HOURS_OF_WEEK * HOUR_MS;
/** Windows of users by the hour: place in `USER_TIERS`. */
const BY_HOUR = 1;

/** An hour counts as settled so long after its end: what comes later is in the windows, and not in the profiles. */
const SETTLING_MS = 10 * 60_000;
/** Hours that are settled in one step: a day of an endpoint is some megabytes. */
const HOURS_AT_ONCE = 24;
/** Users with a profile in the layer of a week. */
const MOST_IN_LAYER = 100_000;
/** Making the merged layers of all subjects takes no more than this part of the time, and no longer than that is waited for them. */
const REFRESH_SHARE = 1 / 50;
const SOONEST_MS = 50_000;
const LATEST_MS = 30 * 60_000;
/** Folding comes first; a server that never catches up makes them anew this seldom. */
const BEHIND_MS = 10 * 60_000;

export interface BuildWish {
  nowMs: number;
  /** Users that get a profile of their own. */
  most: number;
  /** The merged layer is not made anew before this, even if it would be cheap. */
  soonestMs?: number;
  /** What making the merged layers of all subjects took last. */
  allTookMs?: number;
  /** Whether batches wait to be folded for longer than they should. */
  isBehind?: boolean;
  stop?: () => boolean;
}

/**
 * Brings a subject's profiles up to now: settled hours go into the layer of their week, once; this week's layer, last week's, and the
 * hours since make the merged one. Run again after any fault, or by two workers at once, it comes to the same.
 */
export async function buildProfiles(db: Db, subject: Subject, wish: BuildWish): Promise<ProfileState | null> {
  let state = await stateOf(db, subject, wish.nowMs);
  while (state !== null && !wish.stop?.() && (await settle(db, { subject, state, nowMs: wish.nowMs })))
    state = (await profileStatesOf(db, [subject.endpointId]))[0] ?? null;
  if (state === null || wish.stop?.() || !isDue(state, wish)) return state;
  await refresh(db, { subject, state, wish });
  return (await profileStatesOf(db, [subject.endpointId]))[0] ?? null;
}

async function stateOf(db: Db, subject: Subject, nowMs: number): Promise<ProfileState | null> {
  const { endpointId } = subject;
  const [known] = await profileStatesOf(db, [endpointId]);
  if (known !== undefined) return known;
  const firstMs = await firstSeen(db, idsOf(subject), oldestWeekMs(nowMs));
  if (firstMs === null) return null;
  await beginProfiles(db, endpointId, firstMs);
  return (await profileStatesOf(db, [endpointId]))[0] ?? null;
}

/** The start of last week: weeks are counted from the epoch. */
const oldestWeekMs = (nowMs: number): number => (layerOf(nowMs) - 1) * WEEK_MS;
const layerOf = (ms: number): number => Math.floor(ms / WEEK_MS);

interface Step {
  subject: Subject;
  state: ProfileState;
  nowMs: number;
}

/** Adds the next hours to the layer of their week. Returns whether there may be more to do. */
async function settle(db: Db, { subject, state, nowMs }: Step): Promise<boolean> {
  const fromMs = Math.max(state.settledUptoMs, oldestWeekMs(nowMs));
  const readyMs = Math.floor((nowMs - SETTLING_MS) / HOUR_MS) * HOUR_MS;
  const toMs = Math.min(readyMs, fromMs + HOURS_AT_ONCE * HOUR_MS, (layerOf(fromMs) + 1) * WEEK_MS);
  if (toMs <= state.settledUptoMs) return false;
  const layer = layerOf(fromMs);
  const read = await snapshot(db, async (connection) => ({
    gathered: await gather(connection, subject, { fromMs, toMs }),
    before: (await readLayers(connection, subject.endpointId, [layer])).get(layer) ?? [],
  }));
  const own = [...read.gathered.profiles()];
  const streams = (): ProfileStream[] => [profilesIn(read.before), own.values()];
  const chunks = packMost(streams, MOST_IN_LAYER);
  return saveSettled(db, state, { layer, chunks, settledUptoMs: toMs, oldestLayer: layerOf(nowMs) - 1 });
}

async function gather(
  connection: Snapshot,
  subject: Subject,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<VisitGathering> {
  const endpointIds = idsOf(subject);
  const gathered = new VisitGathering(subject);
  for (const row of await copyUserRows(connection, { tier: BY_HOUR, endpointIds, fromMs, toMs }))
    if (row.startMs >= fromMs && row.startMs < toMs) gathered.add(row);
  return gathered;
}

/** Whether the merged layer is to be made anew: `state` is what there is of it. */
export function isDue(
  state: Pick<ProfileState, "madeAtMs" | "fromMs" | "tookMs">,
  wish: Omit<BuildWish, "most">,
): boolean {
  const { madeAtMs, fromMs, tookMs } = state;
  const { nowMs, soonestMs = SOONEST_MS, allTookMs = 0, isBehind = false } = wish;
  if (madeAtMs === null) return !isBehind || nowMs - (fromMs ?? nowMs) >= BEHIND_MS;
  const wait = Math.min(LATEST_MS, Math.max(soonestMs, Math.max(tookMs, allTookMs) / REFRESH_SHARE));
  return nowMs - madeAtMs >= (isBehind ? Math.max(wait, BEHIND_MS) : wait) || madeAtMs > nowMs;
}

async function refresh(
  db: Db,
  { subject, state, wish }: { subject: Subject; state: ProfileState; wish: BuildWish },
): Promise<void> {
  const startedMs = performance.now();
  const { nowMs } = wish;
  const layers = [layerOf(nowMs) - 1, layerOf(nowMs)];
  const read = await snapshot(db, async (connection) => {
    const fromMs = await settledUptoOf(connection, subject.endpointId); // another worker may have settled more meanwhile
    const range = { fromMs, toMs: nowMs + HOUR_MS }; // ahead, too: an app's clock may be some minutes before ours
    return {
      gathered: await gather(connection, subject, range),
      weeks: [...(await readLayers(connection, subject.endpointId, layers)).values()],
    };
  });
  const own = [...read.gathered.profiles()];
  const streams = (): ProfileStream[] => [...read.weeks.map(profilesIn), own.values()];
  const chunks = packMost(streams, wish.most);
  const fromMs = Math.max(state.fromMs ?? state.settledUptoMs, oldestWeekMs(nowMs));
  const tookMs = Math.round(performance.now() - startedMs);
  await saveMerged(db, { endpointId: subject.endpointId, ...sumOf(chunks), madeAtMs: nowMs, tookMs, fromMs }, chunks);
}

/** Everybody in some chunks together. */
export function sumOf(chunks: readonly ProfileChunk[]) {
  const [miss, hit] = [newCounts(), newCounts()];
  const sum = { users: 0, loads: 0, loadUs: 0, cold: 0 };
  const hours = Array.from({ length: HOURS_OF_WEEK }, () => 0);
  const cursor = new ProfileCursor(chunks.map(({ payload }) => payload));
  while (cursor.next()) {
    for (const range of [cursor.missEven, cursor.missOdd]) addPayload(miss, range.bytes, range.start, range.end);
    addPayload(hit, cursor.hit.bytes, cursor.hit.start, cursor.hit.end);
    if (!isRest(cursor)) sum.users++;
    sum.loads += cursor.loads;
    sum.loadUs += cursor.loadUs;
    sum.cold += cursor.cold;
    for (let at = 0; at < cursor.hours.length; at += 2) hours[cursor.hours[at]!]! += cursor.hours[at + 1]!;
  }
  return { ...sum, hours, miss: encodePayload(miss), hit: encodePayload(hit) };
}
