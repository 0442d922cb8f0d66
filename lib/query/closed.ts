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
