import type { Clock } from "./clock.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const LONGEST_TOLD_MS = 300_000;

/**
 * Milliseconds to wait after the n-th failure in a row (n from 1): full jitter, so that many processes that lost their
 * server in the same moment do not come back in the same moment.
 */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
}

/**
 * Milliseconds that a `Retry-After` asks for: seconds or an HTTP date, at most 300 s; null when it is missing, in the
 * past or junk, and then the ordinary back-off holds.
 *
 * @param nowMs the server's clock if its answer had a `Date`, else ours
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - nowMs;
  return ms > 0 ? Math.min(ms, LONGEST_TOLD_MS) : null;
}

/** Milliseconds since 1970 of an HTTP date, NaN for anything else (`Date.parse` alone takes `-5` for a year). */
export function httpDateMs(text: string): number {
  return /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
}

/** How long to wait after a failure: never before the server asked for, and spread out after it. */
export function retryDelayMs(failures: number, toldMs: number | null, clock: Pick<Clock, "random">): number {
  const jitterMs = backoffMs(failures, clock.random());
  return toldMs === null ? jitterMs : toldMs + Math.min(jitterMs, toldMs);
}

/**
 * The gap between two batches while a backlog is worked off, on average a third of a window: a server that returns
 * after an outage sees at most about three times its usual load, not the whole backlog at once.
 */
export function backlogGapMs(windowSeconds: number, random: number): number {
  return (windowSeconds * 1000 * (0.5 + random)) / 3;
}
