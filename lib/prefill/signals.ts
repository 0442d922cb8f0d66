import { shrunk } from "./value.ts";

/** How often a signal was seen while the value was cold, and how often a visit followed within the time to live. */
export interface Followed {
  seen: number;
  followed: number;
}

/** What is known of the chance of use at one definition. */
export interface UseCounts {
  any: Followed;
  bySignal: ReadonlyMap<string, Followed>;
}

/** Before anything was seen: a visit follows one signal in two. */
const UNKNOWN: Followed = { seen: 2, followed: 1 };
/** Pseudo-counts by which a signal is drawn towards all of the definition's, and a user towards the signal's. */
const SIGNAL_PSEUDO_COUNTS = 20;
export const USER_PSEUDO_COUNTS = 6;

/** P(visit within the time to live | any signal). */
export function useOfAny({ seen, followed }: Followed): number {
  return (followed + UNKNOWN.followed) / (seen + UNKNOWN.seen);
}

/** P(visit within the time to live | this signal), by signal. */
export function useAfter({ any, bySignal }: UseCounts): Record<string, number> {
  const prior = useOfAny(any);
  return Object.fromEntries(
    [...bySignal].map(([signal, { seen, followed }]) => [signal, shrunk(followed, seen, prior, SIGNAL_PSEUDO_COUNTS)]),
  );
}

/** A user's own chance, drawn towards the definition's. */
export function useOfUser({ seen, followed }: Followed, prior: number): number {
  return shrunk(followed, seen, prior, USER_PSEUDO_COUNTS);
}
