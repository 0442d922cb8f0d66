import { blindSince, type BlindRow, lastBeat, noteBlind } from "../store/alert-clock.ts";
import type { Db } from "../store/db.ts";
import { GAP_MS } from "./decide.ts";

/** The process that takes batches in says every ten seconds that it does. */
export const WEB = "web";
export const BEAT_EVERY_MS = 10_000;
/** So long without a beat, or without a round, and tailfill was away. */
const AWAY_MS = GAP_MS;
/** A week before is looked at by rules about traffic, and a day more by the longest of them. */
export const LOOKED_BACK_MS = 9 * 86_400_000;

/**
 * When tailfill was away: rounds that did not happen (everything was down, or the database), and times in which nothing took batches
 * in. What is missing then says nothing about an app.
 * @param ranAtMs the last round, Unix ms; `null`: this is the first
 * @param hasBeats whether what takes batches in says so; a development server does not
 */
export async function blindSpots(
  db: Db,
  { ranAtMs, nowMs, hasBeats }: { ranAtMs: number | null; nowMs: number; hasBeats: boolean },
): Promise<BlindRow[]> {
  if (ranAtMs !== null && nowMs - ranAtMs > AWAY_MS)
    await noteBlind(db, { fromMs: ranAtMs, toMs: nowMs, why: "nothing was evaluated" });
  const beatMs = hasBeats ? await lastBeat(db, WEB) : null;
  if (beatMs !== null && nowMs - beatMs > AWAY_MS)
    await noteBlind(db, { fromMs: beatMs, toMs: nowMs, why: "nothing took batches in" });
  return blindSince(db, nowMs - LOOKED_BACK_MS);
}
