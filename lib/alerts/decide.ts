import type { Evaluation, Observed, Verdict } from "./evaluation.ts";

/** `recovering`: it is well again, and still fires until it has been well for long enough. */
export type StateName = "ok" | "pending" | "firing" | "recovering" | "no_data";

/** What is kept of a series between two evaluations. Times are Unix milliseconds. */
export interface SeriesState {
  state: StateName;
  /** Pending and after: since when it breaches, moved by what nobody looked at. */
  activeAtMs: number | null;
  firedAtMs: number | null;
  /** Recovering: from then on it may resolve. */
  keepUntilMs: number | null;
  /** The last evaluation that was answered. */
  evaluatedAtMs: number | null;
  /** Answered evaluations in a row that had no data, or too few. */
  missing: number;
  /** Evaluations in a row that could not be asked. */
  failures: number;
  /** When it resolved, within the last hour. */
  resolvedAtsMs: readonly number[];
  verdict: Verdict;
  observed: Observed | null;
  why: string | null;
}

export const NEW_SERIES: SeriesState = {
  state: "ok",
  activeAtMs: null,
  firedAtMs: null,
  keepUntilMs: null,
  evaluatedAtMs: null,
  missing: 0,
  failures: 0,
  resolvedAtsMs: [],
  verdict: "no_data",
  observed: null,
  why: null,
};

/** What of a rule decides. */
export interface Terms {
  forSeconds: number;
  keepFiringSeconds: number;
  noData: "resolve" | "keep" | "breach";
}

export type Reason = "ok" | "no_data" | "missing" | "rule_changed" | "rule_removed";
export type Change = { fired: true } | { resolved: Reason } | null;

export interface Decision {
  next: SeriesState;
  change: Change;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Evaluations further apart than this were interrupted: nobody looked in between. */
export const GAP_MS = MINUTE_MS;
/** After an interruption longer than this, what was pending is pending anew. */
export const LONGEST_GAP_MS = HOUR_MS;
/** What had no data has to have none this often in a row before it resolves: one empty look may be a late batch. */
const MISSING_TWICE = 2;

export const isFiring = ({ state }: SeriesState): boolean => state === "firing" || state === "recovering";

/** Pure. What becomes of a series when it is evaluated at a time. What could not be asked changes nothing but that it is known. */
export function decide(before: SeriesState, evaluation: Evaluation, terms: Terms, atMs: number): Decision {
  const { verdict, observed, why = null } = evaluation;
  if (verdict === "could_not_ask")
    return { next: { ...before, verdict, why, failures: before.failures + 1 }, change: null };
  const nothing = verdict === "no_data" || verdict === "too_few";
  const resumed = afterGap(before, atMs);
  const seen: SeriesState = {
    ...resumed,
    verdict,
    observed,
    why,
    evaluatedAtMs: atMs,
    failures: 0,
    missing: nothing ? before.missing + 1 : 0,
    resolvedAtsMs: resumed.resolvedAtsMs.filter((at) => at > atMs - HOUR_MS),
  };
  if (verdict === "breach" || (verdict === "no_data" && terms.noData === "breach")) return breached(seen, terms, atMs);
  return isFiring(seen) ? calmed(seen, terms, atMs) : { next: quiet(seen), change: null };
}

/**
 * Time in which nobody looked counts neither as breaching nor as being well: what began before is moved by it. Beyond an hour what was
 * pending begins anew; what fires goes on, however long nobody looked. A clock that was set back moves it likewise, and when it resolved.
 */
function afterGap(before: SeriesState, atMs: number): SeriesState {
  if (before.evaluatedAtMs === null) return before;
  const gapMs = atMs - before.evaluatedAtMs;
  if (gapMs >= 0 && gapMs <= GAP_MS) return before;
  if (before.state === "pending" && gapMs > LONGEST_GAP_MS) return { ...before, state: "ok", activeAtMs: null };
  const moved = (ms: number | null) => (ms === null ? null : ms + gapMs);
  const activeAtMs = before.state === "pending" ? moved(before.activeAtMs) : before.activeAtMs;
  const resolvedAtsMs = gapMs < 0 ? before.resolvedAtsMs.map((ms) => ms + gapMs) : before.resolvedAtsMs;
  return { ...before, activeAtMs, keepUntilMs: moved(before.keepUntilMs), resolvedAtsMs };
}

function breached(seen: SeriesState, { forSeconds }: Terms, atMs: number): Decision {
  if (isFiring(seen)) return { next: { ...seen, state: "firing", keepUntilMs: null }, change: null };
  const activeAtMs = seen.state === "pending" ? seen.activeAtMs! : atMs;
  if (atMs - activeAtMs < forSeconds * 1_000) return { next: { ...seen, state: "pending", activeAtMs }, change: null };
  return { next: { ...seen, state: "firing", activeAtMs, firedAtMs: atMs }, change: { fired: true } };
}

function calmed(seen: SeriesState, terms: Terms, atMs: number): Decision {
  if (seen.missing > 0 && terms.noData === "keep")
    return { next: { ...seen, state: "firing", keepUntilMs: null }, change: null };
  const keepUntilMs = seen.keepUntilMs ?? atMs + keepMs(seen, terms);
  const isSure = seen.missing === 0 || seen.missing >= MISSING_TWICE;
  if (atMs < keepUntilMs || !isSure) return { next: { ...seen, state: "recovering", keepUntilMs }, change: null };
  const resolvedAtsMs = [...seen.resolvedAtsMs, atMs];
  const next = { ...quiet(seen), resolvedAtsMs };
  return { next, change: { resolved: seen.missing > 0 ? "no_data" : "ok" } };
}

function quiet(seen: SeriesState): SeriesState {
  return {
    ...seen,
    state: seen.missing > 0 ? "no_data" : "ok",
    activeAtMs: null,
    firedAtMs: null,
    keepUntilMs: null,
  };
}

/** The first time that a series fires again within an hour, it keeps firing for ten minutes at least; then twice as long each time. */
const DAMPED_MS = 10 * MINUTE_MS;

/** How long a series has to be well before it resolves. What flaps has to be well for longer: at most an hour. */
export function keepMs({ resolvedAtsMs }: SeriesState, { keepFiringSeconds }: Terms): number {
  const usual = keepFiringSeconds * 1_000;
  if (resolvedAtsMs.length === 0) return usual;
  return Math.max(usual, Math.min(HOUR_MS, DAMPED_MS * 2 ** (resolvedAtsMs.length - 1)));
}

/** A series that its rule no longer has: it resolves at once. */
export function dropped(before: SeriesState, reason: Reason): Change {
  return isFiring(before) ? { resolved: reason } : null;
}
