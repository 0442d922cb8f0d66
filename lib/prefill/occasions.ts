import { type PlannedUser, REFRESHED_AT } from "../wire/index.ts";
import { deltaAt } from "./delta.ts";
import { type Crowd, gammaOf, Habit, chanceOfVisit } from "./habit.ts";
import { HOURS_OF_WEEK, hoursLookedAt, KINDS_OF_HOURS, kindOf } from "./hours.ts";
import type { Outlook } from "./outlook.ts";
import type { Found } from "./solve.ts";
import { shrunk, valueOf } from "./value.ts";

/** What moments other than a user's own signals came to: visits that were expected after them, and those that came. */
export interface OccasionCounts {
  expected: number;
  followed: number;
}

/** Moments that are no signals: a value about to expire after a visit, and an hour of the week. */
export type OccasionName = "refresh" | "clock";

/** Expected visits by which what came is drawn towards what was expected. */
const PSEUDO_VISITS = 20;
/** Chances are put right by no more than this upwards. */
const MOST_RIGHTING = 1.5;
/**
 * A moment of ours has to be worth so many times the price: its fill takes room that signals want which come soon after, and those are worth
 * the price at least. In the simulation of `bench/prefill`, at the price itself such moments spare less than they cost.
 */
const CLEARLY = 2.5;
/** Hours of the week that a plan names for one user: those worth most. */
const MOST_HOURS = 12;
/** With less than a week seen, no hour of the week is anybody's habit. */
const FEWEST_HOURS = 168;
const HOUR_MS = 3_600_000;

export type Occasions = Pick<PlannedUser, "again" | "hours">;

/**
 * When a candidate's value is worth filling without any signal: before it expires, for who is likely to come again; and at hours of the week
 * where a habit is proven. Signals come first: what they announce is filled then, so that only visits without any are counted here.
 */
export class OccasionPlanner {
  private readonly crowds: (Crowd | null)[];

  constructor(
    private readonly outlook: Outlook,
    private readonly found: Found,
    private readonly rules: { withheldShare: number; holdOutShare: number },
  ) {
    this.crowds = outlook.known.map((_, definition) => crowdOf(outlook, definition));
  }

  /** @param priceAt the price by kind of hour */
  of(place: number, priceAt: (kind: number) => number): Occasions {
    const { survey, known } = this.outlook;
    const definition = survey.candidates.definition[place]!;
    const { hours, learned, seen } = known[definition]!;
    const worthOf = this.worthOf(place, definition);
    const least = Math.min(...Array.from({ length: KINDS_OF_HOURS }, (_, kind) => priceAt(kind)));
    const crowd = this.crowds[definition];
    if (!crowd || worthOf(1) < least) return {};
    const came = this.cameOf(place, hours);
    const habit = new Habit(crowd, came);
    const moment = this.momentOf(definition, came.writesPerHour, habit);
    const again = righted(againOf(came.hours, moment, seen.ttlSeconds * 1_000), learned.occasions.refresh);
    const slots = hours < FEWEST_HOURS ? [] : slotsOf(habit, moment, (use) => righted(use, learned.occasions.clock));
    const kept = slots.filter(([hour, use]) => worthOf(use) >= priceAt(kindOf(hour)));
    return {
      ...(worthOf(again) >= least && again > 0 ? { again: rounded(again) } : {}),
      ...(kept.length > 0 ? { hours: kept.map(([hour, use]) => [hour, rounded(use)]) } : {}),
    };
  }

  /** What a fill is worth by the chance of a visit: what is announced besides is filled when it is. */
  private worthOf(place: number, definition: number): (use: number) => number {
    const { survey } = this.outlook;
    const { inTime, announced } = survey.definitions[definition]!;
    const { withheldShare, holdOutShare } = this.rules;
    const left = 1 - announced * inTime * (1 - withheldShare) * (1 - holdOutShare);
    const delta = deltaAt(survey, place, this.found.aim.steps[definition]!);
    const costUs = survey.candidates.costUs[place]!;
    return (use) => valueOf(use * left, inTime, delta, costUs) / CLEARLY;
  }

  private cameOf(place: number, hours: number) {
    const profile = this.outlook.profileOf(place);
    return {
      cold: profile.cold + this.outlook.filledOf(place),
      hours: profile.hours,
      silentHours: Math.max(0, this.outlook.toMs / HOUR_MS - profile.lastHour - 1),
      writesPerHour: profile.writes / hours,
    };
  }

  private momentOf(definition: number, writesPerHour: number, habit: Habit): Moment {
    const ttlMs = this.outlook.known[definition]!.seen.ttlSeconds * 1_000;
    return (fromMs) =>
      habit.active * chanceOfVisit(habit.expected(fromMs, fromMs + ttlMs), (writesPerHour * ttlMs) / HOUR_MS);
  }
}

/** The chance of a visit within the time to live from a time on. */
type Moment = (fromMs: number) => number;

/** Monday 00:00 UTC of some week: hours of the week are counted from there. */
const MONDAY_MS = Date.parse("2026-01-05T00:00:00Z");

/** The chance of another visit once a value would have expired, on average over the hours that the user comes at. */
function againOf(hours: ArrayLike<number>, moment: Moment, ttlMs: number): number {
  let [sum, visits] = [0, 0];
  for (let at = 0; at < hours.length; at += 2) {
    sum += hours[at + 1]! * moment(MONDAY_MS + hours[at]! * HOUR_MS + REFRESHED_AT * ttlMs);
    visits += hours[at + 1]!;
  }
  return visits > 0 ? sum / visits : 0;
}

/** Hours of the week where a habit is proven, the likeliest first. */
function slotsOf(habit: Habit, moment: Moment, right: (use: number) => number): [hour: number, use: number][] {
  const slots: [number, number][] = [];
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++)
    if (habit.isProven(hour)) slots.push([hour, right(moment(MONDAY_MS + hour * HOUR_MS))]);
  return slots.sort((a, b) => b[1] - a[1]).slice(0, MOST_HOURS);
}

/** A chance, put right by what came of such chances before. */
function righted(use: number, { expected, followed }: OccasionCounts): number {
  const factor = shrunk(followed, expected, 1, PSEUDO_VISITS);
  return Math.min(1, use * Math.min(MOST_RIGHTING, factor));
}

function crowdOf({ survey, known, fromMs, toMs }: Outlook, definition: number): Crowd | null {
  const { hours } = known[definition]!;
  const { candidates } = survey;
  const counts: number[] = [];
  for (let place = 0; place < candidates.size; place++)
    if (candidates.definition[place] === definition) counts.push(candidates.coldPerHour[place]! * hours);
  if (counts.length === 0) return null;
  const span = { fromMs: Math.max(fromMs, toMs - hours * HOUR_MS), toMs };
  return { ...gammaOf(counts, hours), hours, busy: survey.busy, looked: hoursLookedAt(span) };
}

const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;
