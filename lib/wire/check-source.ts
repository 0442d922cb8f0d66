import type { BatchWindow } from "./batch.ts";
import { WireError } from "./wire-error.ts";

/** The last millisecond that a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000;
const LONGEST_WINDOW_SECONDS = 3600;

/** Throws `WireError` for what can be no window, whatever the time is now. Too old or too new is judged at ingest. */
export function checkWindow({ startMs, seconds }: BatchWindow): void {
  const isTime = Number.isInteger(startMs) && startMs >= 0 && startMs <= LAST_MS;
  const isWidth = Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_WINDOW_SECONDS;
  if (!isTime || !isWidth) throw new WireError("window");
}
