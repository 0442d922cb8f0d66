import type { CacheOutcome, DecisionArm, FillState } from "../wire/index.ts";
import { differenceOf, type Interval, type UserVisits } from "./interval.ts";
import type { Random } from "./random.ts";

/** A decision, what became of its fill, and the first visit in its window. */
export interface Outcome {
  /** The caller's number of the user: decisions of one user go together. */
  user: number;
  arm: DecisionArm;
  /** The target when it was decided, in microseconds. */
  targetUs: number;
  fill: { state: FillState; tookUs: number } | null;
  visit: { cache: CacheOutcome; latencyUs: number } | null;
}

/** Filled against withheld, by intention to treat: whatever became of a fill, it counts where chance put it. */
export interface Effect {
  decisions: Record<DecisionArm, number>;
  fills: Record<FillState, number>;
  /** Of decisions to fill: first visits that hit, that waited for the fill, that got a stale value, that computed; and none at all. */
  used: number;
  joined: number;
  stale: number;
  missed: number;
  unused: number;
  /** Shares of first visits above the target; null without a visit. */
  filledOver: number | null;
  withheldOver: number | null;
  /** withheldOver − filledOver: what filling spares, with its 95 % interval; null when either arm has no visit. */
  difference: Interval | null;
  missesAvoided: number;
  fillSeconds: number;
  secondsPerMissAvoided: number | null;
  verdict: Verdict;
}

/** `works` and `harms`: the interval excludes zero. `unclear`: it does not. `too few`: there is no interval worth the name. */
export type Verdict = "works" | "harms" | "unclear" | "too few";

/** Fewer first visits than this in either arm decide nothing. */
const FEWEST_VISITS = 10;

/** The effect of filling on the first visits after decisions. */
export function effectOf(outcomes: Iterable<Outcome>, random: Random): Effect {
  const effect = noEffect();
  const users = new Map<number, UserVisits>();
  for (const outcome of outcomes) {
    effect.decisions[outcome.arm]++;
    if (outcome.fill !== null) {
      effect.fills[outcome.fill.state]++;
      effect.fillSeconds += outcome.fill.tookUs / 1e6;
    }
    if (outcome.arm === "fill") countFirstVisit(effect, outcome);
    countVisit(users, outcome);
  }
  return judged(effect, [...users.values()], random);
}

function noEffect(): Effect {
  return {
    decisions: { fill: 0, withheld: 0, held_out: 0, observe: 0 },
    fills: { filled: 0, warm: 0, voided: 0, failed: 0, late: 0, dropped: 0, undelivered: 0 },
    used: 0,
    joined: 0,
    stale: 0,
    missed: 0,
    unused: 0,
    filledOver: null,
    withheldOver: null,
    difference: null,
    missesAvoided: 0,
    fillSeconds: 0,
    secondsPerMissAvoided: null,
    verdict: "too few",
  };
}

function countFirstVisit(effect: Effect, { visit }: Outcome): void {
  if (visit === null) effect.unused++;
  else if (visit.cache === "hit") effect.used++;
  else if (visit.cache === "miss") effect.missed++;
  else effect[visit.cache]++;
}

function countVisit(users: Map<number, UserVisits>, { user, arm, visit, targetUs }: Outcome): void {
  if (visit === null || (arm !== "fill" && arm !== "withheld")) return;
  let visits = users.get(user);
  if (visits === undefined) users.set(user, (visits = { filled: 0, filledOver: 0, withheld: 0, withheldOver: 0 }));
  const over = visit.latencyUs > targetUs ? 1 : 0;
  if (arm === "fill") {
    visits.filled++;
    visits.filledOver += over;
  } else {
    visits.withheld++;
    visits.withheldOver += over;
  }
}

function judged(effect: Effect, users: UserVisits[], random: Random): Effect {
  const sum = (key: keyof UserVisits) => users.reduce((total, user) => total + user[key], 0);
  const [filled, withheld] = [sum("filled"), sum("withheld")];
  effect.filledOver = filled > 0 ? sum("filledOver") / filled : null;
  effect.withheldOver = withheld > 0 ? sum("withheldOver") / withheld : null;
  effect.difference = differenceOf(users, random);
  if (effect.difference === null) return effect;
  effect.missesAvoided = effect.difference.estimate * filled;
  if (effect.missesAvoided > 0) effect.secondsPerMissAvoided = effect.fillSeconds / effect.missesAvoided;
  if (Math.min(filled, withheld) >= FEWEST_VISITS) effect.verdict = verdictOf(effect.difference);
  return effect;
}

function verdictOf({ low, high }: Interval): Verdict {
  if (low > 0) return "works";
  return high < 0 ? "harms" : "unclear";
}
