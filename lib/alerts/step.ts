import type { Judged } from "./evaluate-users.ts";
import { type Change, decide, dropped, NEW_SERIES, type Reason, type SeriesState } from "./decide.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Rule, StoredRule } from "./rule.ts";
import type { StoredSeries } from "./state-rows.ts";
import type { Subject } from "./subject.ts";

/** What became of a series at an evaluation. */
export interface Stepped {
  series: StoredSeries;
  /** The rule as it is now; `null`: it is gone or switched off. */
  rule: StoredRule | null;
  change: Change;
  /** It is of no more use, and is forgotten. */
  isOver: boolean;
}

const GONE: Evaluation = { verdict: "no_data", observed: null, why: "it is no longer among what the rule is about" };
const FAILED: Evaluation = { verdict: "could_not_ask", observed: null, why: "the rule could not be asked" };

/**
 * Pure. Moves the series of a rule on by one evaluation.
 * @param judged what the rule says of each subject; `null`: it could not be asked
 */
export function stepRule(
  stored: StoredRule,
  judged: readonly Judged[] | null,
  { known, atMs }: { known: readonly StoredSeries[]; atMs: number },
): Stepped[] {
  const byKey = new Map(known.map((series) => [series.subject.key, series]));
  const stepped = (judged ?? []).map(({ subject, evaluation }) => {
    const before = byKey.get(subject.key);
    byKey.delete(subject.key);
    return moved(stored, { subject, evaluation, before: before ?? null, atMs });
  });
  const rest = [...byKey.values()].map((before) => left(stored, before, { isAsked: judged !== null, atMs }));
  return [...stepped, ...rest];
}

interface Move {
  subject: Subject;
  evaluation: Evaluation;
  before: StoredSeries | null;
  atMs: number;
}

function moved(stored: StoredRule, { subject, evaluation, before, atMs }: Move): Stepped {
  const { next, change } = decide(before?.state ?? NEW_SERIES, evaluation, termsOf(stored.rule), atMs);
  const series = { ruleId: stored.id, subject, state: next, incidentId: before?.incidentId ?? null };
  return { series, rule: stored, change, isOver: isForgettable(stored.rule, next) };
}

const termsOf = ({ forSeconds, keepFiringSeconds, noData }: Rule) => ({ forSeconds, keepFiringSeconds, noData });

/** Users who are well again are many; their series is kept only while it damps flapping. */
function isForgettable(rule: Rule, { state, resolvedAtsMs }: SeriesState): boolean {
  const isCalm = state === "ok" || state === "no_data";
  return rule.kind === "user" && rule.user === undefined && isCalm && resolvedAtsMs.length === 0;
}

/** A series that the rule said nothing of: an endpoint that is gone, a pattern that was changed. It has to be missed twice. */
function left(
  stored: StoredRule,
  before: StoredSeries,
  { isAsked, atMs }: { isAsked: boolean; atMs: number },
): Stepped {
  const terms = { ...termsOf(stored.rule), keepFiringSeconds: 0, noData: "resolve" } as const;
  const evaluation = isAsked ? GONE : FAILED;
  const state = isAsked ? { ...before.state, keepUntilMs: null, resolvedAtsMs: [] } : before.state;
  const { next, change } = decide(state, evaluation, terms, atMs);
  const isOver = isAsked && next.state === "no_data" && next.missing > 1;
  const reason: Change = change !== null && "resolved" in change ? { resolved: "missing" } : change;
  return { series: { ...before, state: next }, rule: stored, change: reason, isOver };
}

/** Series of rules that are gone or switched off: what fired is over. */
export function stepGone(known: readonly StoredSeries[], reason: Reason): Stepped[] {
  return known.map((series) => ({ series, rule: null, change: dropped(series.state, reason), isOver: true }));
}
