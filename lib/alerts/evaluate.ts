import type { Measures, WindowFigures } from "../query/window-figures.ts";
import { evaluateBurn } from "./burn.ts";
import { type Evaluation, type Lacking, type Look, type Observed, recent, type WindowNeed } from "./evaluation.ts";
import type { Rule, RuleOf } from "./rule.ts";
import type { Subject } from "./subject.ts";

/** Rules that are judged by what windows hold. */
export type WindowRule = Exclude<Rule, { kind: "user" | "prefill" | "stopped_queries" }>;

const WEEK_SECONDS = 7 * 86_400;
/** An endpoint that matches a pattern counts as alive while it was asked within this. */
const ALIVE_SECONDS = 86_400;

/** What has to be known of every stretch that a rule looks at. */
export function measuresOf(rule: WindowRule): Measures {
  return {
    percentiles: rule.kind === "percentile" ? [rule.percentile] : [],
    aboveUs: rule.kind === "burn_rate" && rule.targetUs !== undefined ? [rule.targetUs] : [],
  };
}

/** Where windows begin and end for a rule, seconds: a week back, only minutes are kept. */
export const gridOf = (rule: Rule): number => (rule.kind === "traffic" || rule.kind === "user" ? 60 : 10);

/**
 * What a rule says about a subject. Pure: it sees nothing but what `look` knows, and says what it lacks. A rule looks at a long
 * stretch only when a short one gives it reason to.
 */
export function evaluate(rule: WindowRule, subject: Subject, look: Look): Evaluation | Lacking {
  switch (rule.kind) {
    case "percentile":
      return byOne(look, recent(rule.windowSeconds), (figures) => percentile(rule, figures));
    case "error_rate":
      return byOne(look, recent(rule.windowSeconds), (figures) => rate(rule, figures, figures.outcomes.server_error));
    case "abort_rate":
      return byOne(look, recent(rule.windowSeconds), (figures) => rate(rule, figures, figures.outcomes.aborted));
    case "traffic":
      return traffic(rule, look);
    case "silence":
      return silence(rule, look);
    case "burn_rate":
      return evaluateBurn(rule, subject.about.severity ?? "page", look);
  }
}

function byOne(look: Look, need: WindowNeed, judge: (figures: WindowFigures) => Evaluation): Evaluation | Lacking {
  const figures = look(need);
  return figures === undefined ? { needs: [need] } : judge(figures);
}

/** Without requests there are no data; with fewer than the rule wants, too few; else above the threshold or not. */
function judged(observed: Observed, minCount: number): Evaluation {
  if (observed.count === 0) return { verdict: "no_data", observed };
  if (observed.count < minCount || observed.value === null) return { verdict: "too_few", observed };
  return { verdict: observed.value > observed.threshold ? "breach" : "ok", observed };
}

function percentile(rule: RuleOf<"percentile">, { count, percentilesUs }: WindowFigures): Evaluation {
  const { percentile: q, thresholdUs: threshold, windowSeconds, minCount } = rule;
  const value = percentilesUs.get(q) ?? null;
  return judged({ value, threshold, unit: "us", count, windowSeconds, percentile: q }, minCount);
}

function rate(rule: RuleOf<"error_rate" | "abort_rate">, { count }: WindowFigures, bad: number): Evaluation {
  const { thresholdShare: threshold, windowSeconds, minCount } = rule;
  const value = count === 0 ? null : bad / count;
  return judged({ value, threshold, unit: "share", count, windowSeconds }, minCount);
}

/** Against the same stretch a week before. A week before that had next to nothing says nothing. */
function traffic(rule: RuleOf<"traffic">, look: Look): Evaluation | Lacking {
  const { windowSeconds, changeShare, direction, minCount } = rule;
  const needs = [recent(windowSeconds), { windowSeconds, agoSeconds: WEEK_SECONDS }];
  const [now, before] = needs.map(look);
  if (now === undefined || before === undefined) return { needs };
  const threshold = before.count * (direction === "drop" ? 1 - changeShare : 1 + changeShare);
  const seen = { value: now.count, threshold, unit: "requests", count: now.count, windowSeconds } as const;
  const observed: Observed = { ...seen, baseline: before.count };
  if (before.count === 0) return { verdict: "no_data", observed, why: "there were no requests a week before" };
  if (before.count < minCount)
    return { verdict: "too_few", observed, why: "there were too few requests a week before" };
  const breaches = direction === "drop" ? now.count < threshold || now.count === 0 : now.count > threshold;
  return { verdict: breaches ? "breach" : "ok", observed };
}

/** What a pattern matches is only missed while it was alive: an endpoint that an app no longer has is not silent, it is gone. */
function silence(rule: RuleOf<"silence">, look: Look): Evaluation | Lacking {
  const { windowSeconds } = rule;
  const figures = look(recent(windowSeconds));
  if (figures === undefined) return { needs: [recent(windowSeconds)] };
  const { count } = figures;
  const observed: Observed = { value: count, threshold: 0, unit: "requests", count, windowSeconds };
  if (count > 0) return { verdict: "ok", observed };
  if (rule.endpoints === undefined) return { verdict: "breach", observed };
  const lately = recent(Math.max(ALIVE_SECONDS, windowSeconds));
  return byOne(look, lately, (alive) => ({ verdict: alive.count > 0 ? "breach" : "no_data", observed }));
}
