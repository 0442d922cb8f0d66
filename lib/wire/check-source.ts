import type { BatchWindow } from "./batch.ts";
import { badMember } from "./wire-error.ts";

/** The last millisecond that a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000;
const LONGEST_WINDOW_SECONDS = 3600;

/** Throws `WireError` for what can be no window, whatever the time is now. Too old or too new is judged at ingest. */
export function checkWindow({ startMs, seconds }: BatchWindow): void {
  if (!Number.isInteger(startMs) || Math.abs(startMs) > LAST_MS)
    throw badMember("window", "window.start", "milliseconds since 1970", startMs);
  checkSeconds(seconds);
}

/** Throws `WireError` for what can be no length of a window. */
export function checkSeconds(seconds: unknown): asserts seconds is number {
  if (typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_WINDOW_SECONDS)
    return;
  throw badMember("window", "window.seconds", `a whole number from 1 to ${LONGEST_WINDOW_SECONDS}`, seconds);
}
