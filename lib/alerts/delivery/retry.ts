const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long before each attempt, the first included. There are no more attempts than these. */
export const WAITS_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];
/** Waits differ by up to so much in both directions: what failed at once does not come back at once. */
const JITTER = 0.1;
/** A receiver cannot ask for more time than the schedule would give it. */
const LONGEST_WAIT_MS = 10 * HOUR;
/** A receiver that fails for so long is switched off. */
export const GIVE_UP_MS = 5 * 24 * HOUR;
/** Failures further apart than this are not one failure: what is told something once a week is not off at the second. */
const APART_MS = 24 * HOUR;

export interface RetryState {
  /** Attempts before this one. */
  attempts: number;
  /** Since when the receiver fails; `null`: it does not. */
  failingSinceMs: number | null;
  /** When it failed last. */
  failedAtMs: number | null;
}

/** What became of an attempt: an HTTP status, or none when nothing came back. */
export interface Answered {
  status: number | null;
  /** The `Retry-After` header as it came. */
  retryAfter?: string | undefined;
}

/** What is next: for the delivery, and for its receiver. */
export interface Next {
  state: "delivered" | "waiting" | "failed";
  nextAtMs: number | null;
  failingSinceMs: number | null;
  failedAtMs: number | null;
  /** Why the receiver is switched off now; `null`: it is not. */
  off: "gone" | "failing" | null;
}

/** Decides what follows from an answer. Only 2xx is success: a redirect is a failure like any other. `chance` is of 0 to 1. */
export function afterAttempt(state: RetryState, answer: Answered, nowMs: number, chance: number): Next {
  if (isSuccess(answer))
    return { state: "delivered", nextAtMs: null, failingSinceMs: null, failedAtMs: null, off: null };
  const failingSinceMs = failingSince(state, nowMs);
  const failure = { failingSinceMs, failedAtMs: nowMs };
  if (answer.status === 410) return { state: "failed", nextAtMs: null, ...failure, off: "gone" };
  if (nowMs - failingSinceMs >= GIVE_UP_MS) return { state: "failed", nextAtMs: null, ...failure, off: "failing" };
  const wait = WAITS_MS[state.attempts + 1];
  if (wait === undefined) return { state: "failed", nextAtMs: null, ...failure, off: null };
  const jittered = Math.round(wait * (1 - JITTER + 2 * JITTER * chance));
  const asked = askedToWaitMs(answer.retryAfter, nowMs) ?? 0;
  return { state: "waiting", nextAtMs: nowMs + Math.max(jittered, asked), ...failure, off: null };
}

const isSuccess = ({ status }: Answered): boolean => status !== null && status >= 200 && status < 300;

function failingSince({ failingSinceMs, failedAtMs }: RetryState, nowMs: number): number {
  if (failingSinceMs === null || failedAtMs === null || nowMs - failedAtMs > APART_MS) return nowMs;
  return failingSinceMs;
}

/** How long `Retry-After` asks to wait, by seconds or by a date; `null` when it says nothing sensible. */
export function askedToWaitMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  const ms = /^\d{1,15}$/.test(text) ? Number(text) * SECOND : /[a-z]/i.test(text) ? Date.parse(text) - nowMs : NaN;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : null;
}
