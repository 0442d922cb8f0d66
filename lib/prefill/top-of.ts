import { addSplit, indexOf } from "../histogram/index.ts";
import { ProfileCursor } from "../store/profile-pack.ts";
import { offersOf, type Rules } from "./offers.ts";
import { Outlook } from "./outlook.ts";
import type { Solution } from "./solve.ts";

/** Users of whom it is reckoned exactly what they are worth; the others are worth less at a glance. */
const MOST_RECKONED = 1_500;
/** Misses and hits as of everybody that a user's few are drawn towards. */
const PSEUDO_COUNTS = 2;

/**
 * A sample tells what filling would do, but not for whom: looks at everybody, at a glance, and reckons for the most promising what they
 * are worth at the targets that were found.
 */
export async function topOf(
  sample: Outlook,
  { aim, targetsUs }: Solution,
  rules: Rules,
): Promise<{ outlook: Outlook; solution: Pick<Solution, "aim" | "targetsUs"> }> {
  const worth = sample.known.map((_, place) => glance(sample, place, targetsUs[place]!));
  const least = leastOf(worth);
  const outlook = sample.withoutUsers();
  for (const [place, one] of sample.known.entries())
    await outlook.add(one, sample.chunks[place]!, (row) => worth[place]![row]! >= least);
  const offers = offersOf(outlook.survey, aim.steps, rules);
  return { outlook, solution: { aim: { ...aim, offers }, targetsUs } };
}

/** What each user of a subject seems to be worth, in the order of its profiles. */
function glance({ chunks, survey }: Outlook, place: number, targetUs: number): Float64Array {
  const { missTail, hitTail, costUs } = survey.definitions[place]!;
  const step = survey.thresholds.us.findIndex((us) => us >= targetUs);
  const [missOver, hitOver] = [missTail[Math.max(0, step)] ?? 0, hitTail[Math.max(0, step)] ?? 0];
  const target = indexOf(Math.round(targetUs));
  const [misses, hits] = [
    { count: 0, above: 0 },
    { count: 0, above: 0 },
  ];
  const worth: number[] = [];
  for (const cursor = new ProfileCursor(chunks[place]!, false); cursor.next();) {
    const { missEven, missOdd, hit, loads, loadUs, cold } = cursor;
    misses.count = misses.above = hits.count = hits.above = 0;
    addSplit(misses, missEven, target);
    addSplit(misses, missOdd, target);
    addSplit(hits, hit, target);
    const miss = (misses.above + PSEUDO_COUNTS * missOver) / (misses.count + PSEUDO_COUNTS);
    const warm = (hits.above + PSEUDO_COUNTS * hitOver) / (hits.count + PSEUDO_COUNTS);
    const cost = (loadUs + costUs) / (loads + 1);
    worth.push(cold > 0 ? Math.max(0, miss - warm) / Math.max(1, cost) : 0);
  }
  return Float64Array.from(worth);
}

/** What one has to seem to be worth to be among the most promising; never nothing. */
function leastOf(worth: readonly Float64Array[]): number {
  const all = new Float64Array(worth.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of worth) {
    all.set(some, at);
    at += some.length;
  }
  all.sort();
  return Math.max(Number.MIN_VALUE, all[Math.max(0, all.length - MOST_RECKONED)] ?? 0);
}
