import { badnessOf } from "../seen.ts";
import type { Evaluation, Verdict } from "../evaluation.ts";
import type { PastSeries, Said, Stretch } from "./past.ts";

/** Series that a chart has room for, */
const MOST_SERIES = 5;
/** and steps of each. */
const MOST_STEPS = 400;

/** A rule changes what it looks at (of a burn rate, its pairs): each value comes with the threshold that it was judged by. */
export interface StepValue {
  atSeconds: number;
  value: number | null;
  threshold: number | null;
  verdict: Verdict;
}

export interface SeriesValues {
  series: PastSeries;
  steps: StepValue[];
}

/** Width of the steps, seconds: as wide as it takes. */
export function stepWidth({ fromSeconds, toSeconds, stepSeconds }: Stretch): number {
  const moments = Math.floor((toSeconds - fromSeconds) / stepSeconds) + 1;
  return stepSeconds * Math.max(1, Math.ceil(moments / MOST_STEPS));
}

/** The worst series, each with the worst that was judged in each step. Pure. */
export function valuesOf(series: readonly PastSeries[], stretch: Stretch): SeriesValues[] {
  const width = stepWidth(stretch);
  const worstFirst = series.map((one) => [one, rankOf(one)] as const).sort(([, a], [, b]) => compare(b, a));
  return worstFirst.slice(0, MOST_SERIES).map(([one]) => ({ series: one, steps: stepsOf(one.said, stretch, width) }));
}

/** How often it breached, and how badly at worst. */
type Rank = readonly [breaches: number, worst: number];

function rankOf({ said }: PastSeries): Rank {
  let [breaches, worst] = [0, 0];
  for (const { evaluation } of said) {
    if (evaluation.verdict === "breach") breaches += 1;
    worst = Math.max(worst, badnessOf(evaluation.observed));
  }
  return [breaches, worst];
}

const compare = (a: Rank, b: Rank): number => a[0] - b[0] || a[1] - b[1];

function stepsOf(said: readonly Said[], { fromSeconds }: Stretch, width: number): StepValue[] {
  const steps = new Map<number, Said>();
  for (const one of said) {
    const step = Math.floor((one.atSeconds - fromSeconds) / width);
    const known = steps.get(step);
    if (known === undefined || isWorse(one.evaluation, known.evaluation)) steps.set(step, one);
  }
  return [...steps.values()].map(({ atSeconds, evaluation: { verdict, observed } }) => {
    return { atSeconds, value: observed?.value ?? null, threshold: observed?.threshold ?? null, verdict };
  });
}

/** What is answered is worse than what is not: a chart must not hide a breach behind a moment without requests. */
const RANKS: Record<Verdict, number> = { breach: 4, ok: 3, too_few: 2, could_not_ask: 1, no_data: 0 };

function isWorse(a: Evaluation, b: Evaluation): boolean {
  const byVerdict = RANKS[a.verdict] - RANKS[b.verdict];
  return byVerdict === 0 ? badnessOf(a.observed) > badnessOf(b.observed) : byVerdict > 0;
}
