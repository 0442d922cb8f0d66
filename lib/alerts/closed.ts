/**
 * Which windows can be judged. A window of 10 s is sent when it ends: encoding and sending take well under a second, the fold takes
 * what has come in every 2 s and needs about one. So a window is in the database some 4 s after its end, and 10 s leave room for a
 * slow moment; a retry of an app that was refused comes later than any delay that would still be useful. What comes later
 * counts from the next evaluation on, for as long as the rule's stretch still holds it: evaluations are never redone.
 */
export const SETTLING_MS = 10_000;
const WINDOW_MS = 10_000;

/**
 * The end of the last window that is closed, Unix ms. A fold that is behind holds it back: while batches wait that came in before, it
 * is not known what their windows hold.
 * @param oldestWaitingMs when the batch that has waited longest came in; `null`: none waits
 */
export function closedUntil(nowMs: number, oldestWaitingMs: number | null): number {
  const known = Math.min(nowMs, oldestWaitingMs ?? nowMs);
  return Math.floor((known - SETTLING_MS) / WINDOW_MS) * WINDOW_MS;
}

/** A clock that was set back further than this is believed: otherwise nothing would happen until it is where it was. */
export const SET_BACK_MS = 60_000;

/** A stretch in which tailfill was away, Unix ms. */
export interface Blind {
  fromMs: number;
  toMs: number;
}

/** Apps send what they kept meanwhile within this after tailfill is back; until then, what is missing may only be late. */
export const CATCHING_UP_MS = 120_000;

/** Whether tailfill was away in a stretch, or has been back for too short a time. */
export function wasBlind(blind: readonly Blind[], { fromMs, toMs }: Blind): boolean {
  return blind.some((one) => one.fromMs < toMs && one.toMs + CATCHING_UP_MS > fromMs);
}
