import type { BurnPair } from "../query/burn-pairs.ts";
import type { WindowFigures } from "../query/window-figures.ts";
import { type Evaluation, type Lacking, type Look, type Observed, recent, type WindowNeed } from "./evaluation.ts";
import type { RuleOf } from "./rule.ts";

type BurnRule = RuleOf<"burn_rate">;

/** A stretch may acquit a pair when, at the pair's factor, it would have shown this many bad requests: with fewer, luck does. */
const SHOWS = 5;

/**
 * The multi-window, multi-burn-rate method of Google's SRE workbook: a pair breaches while the budget burns faster than its factor in
 * its long window, which says that it matters, and in its short one, which says that it goes on.
 *
 * One thing is added. After a full outage of some minutes the slower pages (6× on 6 h and 30 min) would go on for half an hour after
 * everything is well. So the shortest window of the rule's pages acquits the other pages, if it would have shown what they claim
 * and burns no budget beyond what the objective allows. Tickets are not acquitted: the budget is spent all the same.
 */
export function evaluateBurn(rule: BurnRule, severity: "page" | "ticket", look: Look): Evaluation | Lacking {
  const pairs = rule.pairs.filter((pair) => pair.severity === severity).sort((a, b) => b.factor - a.factor);
  const found = pairs.map((pair) => pairOf(rule, pair, look));
  const needs = found.flatMap((one) => ("needs" in one ? one.needs : []));
  if (needs.length > 0) return { needs };
  const evaluations = found as Evaluation[];
  const breach = evaluations.findIndex(({ verdict }) => verdict === "breach");
  if (breach < 0) return calm(evaluations);
  return acquitted(rule, pairs, { severity, look }) ?? evaluations[breach]!;
}

/** The fastest pair that can tell speaks; when none can, the fastest says why. */
function calm(evaluations: readonly Evaluation[]): Evaluation {
  return evaluations.find(({ verdict }) => verdict === "ok") ?? evaluations[0]!;
}

function pairOf(rule: BurnRule, pair: BurnPair, look: Look): Evaluation | Lacking {
  const short = burnIn(rule, pair, { need: recent(pair.shortSeconds), look });
  if ("needs" in short || short.verdict !== "breach") return short;
  const long = burnIn(rule, pair, { need: recent(pair.longSeconds), look });
  if ("needs" in long || long.verdict !== "breach") return long;
  return long;
}

function burnIn(
  rule: BurnRule,
  { factor: threshold }: BurnPair,
  { need, look }: { need: WindowNeed; look: Look },
): Evaluation | Lacking {
  const figures = look(need);
  if (figures === undefined) return { needs: [need] };
  const { count } = figures;
  const value = count === 0 ? null : burnOf(rule, figures);
  const observed: Observed = { value, threshold, unit: "burn_rate", count, windowSeconds: need.windowSeconds };
  if (count === 0) return { verdict: "no_data", observed };
  if (count < rule.minCount) return { verdict: "too_few", observed };
  return { verdict: value! >= threshold ? "breach" : "ok", observed };
}

/** How many times as fast as allowed the budget burns. */
function burnOf(rule: BurnRule, figures: WindowFigures): number {
  return badOf(rule, figures) / figures.count / budgetOf(rule);
}

function badOf({ targetUs }: BurnRule, { above, outcomes }: WindowFigures): number {
  return targetUs === undefined ? outcomes.server_error : above.get(targetUs)!;
}

/** 1 − 0.999 is 0.0010000000000000009 in doubles: rounded to what an objective can say. */
const budgetOf = ({ objective }: BurnRule): number => Math.round((1 - objective) * 1e9) / 1e9;

function acquitted(
  rule: BurnRule,
  pairs: readonly BurnPair[],
  { severity, look }: { severity: "page" | "ticket"; look: Look },
): Evaluation | undefined {
  if (severity === "ticket") return undefined;
  const windowSeconds = Math.min(...pairs.map(({ shortSeconds }) => shortSeconds));
  const figures = look(recent(windowSeconds));
  if (figures === undefined || figures.count < rule.minCount || burnOf(rule, figures) > 1) return undefined;
  const slowest = pairs.at(-1)!.factor;
  if (figures.count * slowest * budgetOf(rule) < SHOWS) return undefined;
  const value = burnOf(rule, figures);
  const observed: Observed = {
    value,
    threshold: pairs[0]!.factor,
    unit: "burn_rate",
    count: figures.count,
    windowSeconds,
  };
  return { verdict: "ok", observed };
}
