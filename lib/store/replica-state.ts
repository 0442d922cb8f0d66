import { sinceMs } from "../clock.ts";

/** What is known of a read replica. */
export interface ReplicaState {
  /** When it was last asked how far it is, with success, Unix ms; `null`: never. */
  measuredMs: number | null;
  /** How much later than the database it was then, milliseconds. */
  lagMs: number;
  /** When it last failed, Unix ms; `null`: never. */
  failedMs: number | null;
}

export const UNKNOWN: ReplicaState = { measuredMs: null, lagMs: 0, failedMs: null };

/** It is asked this often how far it is. */
export const MEASURE_EVERY_MS = 2_000;
/** An older measurement is not believed. */
const BELIEVED_MS = 5 * MEASURE_EVERY_MS;
/** Pages promise to show a sample within 15 s: a replica that is further behind is no help. */
export const MOST_LAG_MS = 15_000;
/** After a failure it is left alone for so long. */
const AVOIDED_MS = 5_000;

export type ReplicaUse = "used" | "not_known" | "behind" | "failed";

/** Whether questions may go to the replica, and if not, why. */
export function useOf({ measuredMs, lagMs, failedMs }: ReplicaState, nowMs: number): ReplicaUse {
  const isAvoided =
    failedMs !== null && (failedMs >= (measuredMs ?? -Infinity) || sinceMs(failedMs, nowMs) < AVOIDED_MS);
  if (isAvoided) return "failed";
  if (measuredMs === null || sinceMs(measuredMs, nowMs) > BELIEVED_MS) return "not_known";
  return lagMs > MOST_LAG_MS ? "behind" : "used";
}
