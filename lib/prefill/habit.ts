import { type Busy, HOURS_OF_WEEK, hourOfWeek, KINDS_OF_HOURS, kindOf, type Looked } from "./hours.ts";

const HOUR_MS = 3_600_000;

/** What is known of everybody at a definition: what a user's few visits are drawn towards. */
export interface Crowd {
  /** Cold visits an hour of a user, on average over users, and the shape of the gamma distribution that users' rates have. */
  meanPerHour: number;
  shape: number;
  /** How much busier than average each kind of hour is. */
  busy: Busy;
  /** By hour of the week, how many of it were looked at; and in all. */
  looked: Looked;
  hours: number;
}

/** What was seen of one user. */
export interface Came {
  /** Cold visits. */
  cold: number;
  /** Visits by hour of the week: the hour and the visits, in turn. */
  hours: ArrayLike<number>;
  /** Hours since the last visit. */
  silentHours: number;
}

/**
 * So many cold visits at a kind of hour, and at an hour of the week, are held to have come as everybody's do, and as the kind's. Less than one:
 * people's hours differ from each other's by far more than chance does.
 */
const KIND_PSEUDO_VISITS = 0.5;
const HOUR_PSEUDO_VISITS = 1;
/** Chance that a user has left for good, before their silence is looked at. */
const LEFT = 0.05;
/** Fewer visits prove no habit, however unlikely they are. */
const FEWEST_VISITS = 4;
/** A habit is proven when so many visits at an hour would come by chance this rarely. */
const BY_CHANCE = 0.01;

/** When one user comes. */
export class Habit {
  /** Cold visits an hour while the user is one still. */
  readonly perHour: number;
  /** P(still a user | silent for so long). */
  readonly active: number;
  private readonly factors = new Float64Array(HOURS_OF_WEEK);
  private readonly proven = new Uint8Array(HOURS_OF_WEEK);

  constructor(crowd: Crowd, came: Came) {
    const { shape, meanPerHour, hours } = crowd;
    // Gamma–Poisson: the rate of a user of whom little was seen is mostly everybody's.
    this.perHour = (came.cold + shape) / (hours + shape / Math.max(meanPerHour, 1e-12));
    this.active = activeAfter(this.perHour * came.silentHours);
    this.learn(crowd, came);
  }

  /** Whether visits come around this hour of the week far more often than everybody's do. */
  isProven(hour: number): boolean {
    return this.proven[hour] === 1;
  }

  /** Cold visits to expect between two times. */
  expected(fromMs: number, toMs: number): number {
    let hours = 0;
    for (let atMs = fromMs; atMs < toMs;) {
      const endMs = Math.min(toMs, (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS);
      hours += ((endMs - atMs) / HOUR_MS) * this.factors[hourOfWeek(atMs)]!;
      atMs = endMs;
    }
    return this.perHour * hours;
  }

  private learn({ busy, looked }: Crowd, { cold, hours }: Came): void {
    const own = new Float64Array(HOURS_OF_WEEK);
    let visits = 0;
    for (let at = 0; at < hours.length; at += 2) visits += own[hours[at]!] = hours[at + 1]!;
    // Of visits that come in bursts only the first is cold; the others prove nothing.
    const coldShare = visits > 0 ? Math.min(1, cold / visits) : 0;
    const usual = usualOf(busy, looked, cold);
    const [ownKinds, usualKinds] = [byKind(own), byKind(usual)];
    let sum = 0;
    let weight = 0;
    for (let hour = 0; hour < HOURS_OF_WEEK; hour++) {
      const kind = kindOf(hour);
      const atKind = coldShare * ownKinds[kind]!;
      const ofKind = (atKind + KIND_PSEUDO_VISITS) / (usualKinds[kind]! + KIND_PSEUDO_VISITS);
      const atHour = coldShare * own[hour]!;
      const ofHour = (atHour + HOUR_PSEUDO_VISITS * ofKind) / (usual[hour]! + HOUR_PSEUDO_VISITS);
      this.factors[hour] = busy[kind]! * ofHour;
      this.proven[hour] = isHabit(atKind, usualKinds[kind]!) || isHabit(atHour, usual[hour]!) ? 1 : 0;
      sum += this.factors[hour]! * looked[hour]!;
      weight += looked[hour]!;
    }
    if (sum > 0) for (let hour = 0; hour < HOURS_OF_WEEK; hour++) this.factors[hour]! *= weight / sum;
  }
}

/**
 * The chance that a visit comes before a write does and before the time to live is over, when both come by chance:
 * λ/(λ+ω) · (1 − e^−(λ+ω)T).
 *
 * @param visits λT: visits to expect within the time to live
 * @param writes ωT: invalidating writes to expect within it
 */
export function chanceOfVisit(visits: number, writes: number): number {
  const both = visits + writes;
  return both > 0 ? (visits / both) * -Math.expm1(-both) : 0;
}

/** P(still a user), when so many visits were to be expected since the last one and none came. */
export function activeAfter(missed: number): number {
  const silent = Math.exp(-Math.max(0, missed));
  return ((1 - LEFT) * silent) / ((1 - LEFT) * silent + LEFT);
}

/**
 * The gamma distribution of users' rates, by its mean and the shape that their spread beyond chance tells (moments).
 *
 * @param counts cold visits by user, in as many hours each
 */
export function gammaOf(counts: ArrayLike<number>, hours: number): { meanPerHour: number; shape: number } {
  const users = Math.max(1, counts.length);
  let [sum, squares] = [0, 0];
  for (let at = 0; at < counts.length; at++) {
    sum += counts[at]!;
    squares += counts[at]! ** 2;
  }
  const mean = sum / users;
  const beyondChance = squares / users - mean ** 2 - mean;
  const shape = beyondChance > 0 ? mean ** 2 / beyondChance : MOST_SHAPE;
  return { meanPerHour: mean / hours, shape: Math.min(MOST_SHAPE, Math.max(LEAST_SHAPE, shape)) };
}

const LEAST_SHAPE = 0.05;
const MOST_SHAPE = 50;

/** Where so many cold visits would lie if they came as everybody's do, by hour of the week. */
function usualOf(busy: Busy, looked: Looked, cold: number): Float64Array {
  const usual = Float64Array.from(looked, (times, hour) => times * busy[kindOf(hour)]!);
  const all = usual.reduce((sum, each) => sum + each, 0);
  return all > 0 ? usual.map((each) => (cold * each) / all) : usual;
}

function byKind(hours: Float64Array): Float64Array {
  const kinds = new Float64Array(KINDS_OF_HOURS);
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) kinds[kindOf(hour)]! += hours[hour]!;
  return kinds;
}

function isHabit(visits: number, usual: number): boolean {
  return visits >= FEWEST_VISITS && atLeast(Math.floor(visits), usual) < BY_CHANCE;
}

/** P(X ≥ count) of a Poisson variable. */
function atLeast(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}
