import { zipf } from "../../lib/demo/population.ts";
import { type Random, seededRandom } from "../../lib/prefill/random.ts";

/** A made-up service with one cached definition, and everything that its users will do, whatever is filled. */
export interface World {
  users: readonly Person[];
  /** In the order of time. */
  moments: Moments;
  /** Times in milliseconds since the epoch: the world begins on a Monday, 00:00 UTC; the test begins; it ends. */
  startMs: number;
  trainedMs: number;
  endMs: number;
  ttlMs: number;
}

export interface Person {
  /** Middle time to compute the value, in microseconds. */
  computeUs: number;
  /** Middle time that the network or a large payload adds to every request; 0 for most. */
  networkUs: number;
  /** Sessions an hour, on average. */
  sessionsPerHour: number;
  /** Signals that no visit follows, for one session. */
  falseSignals: number;
}

/** Signals and visits. What a visit would take is drawn beforehand, so that policies meet the same luck. */
export interface Moments {
  count: number;
  atMs: Float64Array;
  user: Uint16Array;
  /** 1 for a visit, 0 for a signal. */
  isVisit: Uint8Array;
  /** Of a visit: computing the value, serving it, and the network, in microseconds. */
  computeUs: Float64Array;
  hitUs: Float64Array;
  networkUs: Float64Array;
  /** Of a signal: what a fill would take. */
  fillUs: Float64Array;
}

export interface WorldSize {
  users: number;
  trainDays: number;
  testDays: number;
}

export const WHOLE: WorldSize = { users: 4_000, trainDays: 14, testDays: 7 };

const START_MS = Date.parse("2026-08-03T00:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SESSIONS_A_USER_A_WEEK = 14;
const TTL_MS = 30 * 60_000;
const ANNOUNCED = 0.7;
const FALSE_SIGNALS = 0.4;
const NETWORK_SLOW = 0.08;
/** How a week of a user differs from the user's others, as a factor's spread. */
const WEEKLY_DRIFT = 0.2;

export function worldOf(seed: number, size: WorldSize = WHOLE): World {
  const random = seededRandom(seed * 7919 + 17);
  const users = peopleOf(size.users, random);
  const endMs = START_MS + (size.trainDays + size.testDays) * DAY_MS;
  const rows: Row[] = [];
  for (const [user, person] of users.entries()) addLife(rows, user, person, { endMs, random });
  rows.sort((a, b) => a.atMs - b.atMs);
  const trainedMs = START_MS + size.trainDays * DAY_MS;
  return { users, moments: inColumns(rows), startMs: START_MS, trainedMs, endMs, ttlMs: TTL_MS };
}

function peopleOf(count: number, random: Random): Person[] {
  const sums = zipf(count + 5, 0.8);
  const order = shuffled(count, random);
  const scale = (count * SESSIONS_A_USER_A_WEEK) / 168 / (1 - sums[4]!);
  return Array.from({ length: count }, (_, at) => {
    const rank = order[at]! + 5;
    const isFar = random() < NETWORK_SLOW;
    return {
      computeUs: isFar ? 10_000 : 150_000 * Math.exp(1.15 * gauss(random)),
      networkUs: isFar ? 600_000 * Math.exp(0.2 * gauss(random)) : 0,
      sessionsPerHour: scale * (sums[rank]! - sums[rank - 1]!),
      falseSignals: (FALSE_SIGNALS / 2) * -(Math.log(1 - random()) + Math.log(1 - random())),
    };
  });
}

interface Row {
  atMs: number;
  user: number;
  isVisit: boolean;
  computeUs: number;
  hitUs: number;
  networkUs: number;
}

interface Course {
  endMs: number;
  random: Random;
}

function addLife(rows: Row[], user: number, person: Person, { endMs, random }: Course): void {
  const habit = habitOf(random);
  let drift = 1;
  for (let hour = 0; START_MS + hour * HOUR_MS < endMs; hour++) {
    if (hour % 168 === 0) drift = Math.exp(WEEKLY_DRIFT * gauss(random));
    const rate = person.sessionsPerHour * habit[hour % 168]! * drift;
    for (let left = poisson(rate, random); left > 0; left--)
      addSession(rows, user, person, START_MS + (hour + random()) * HOUR_MS, random);
    for (let left = poisson(rate * person.falseSignals, random); left > 0; left--)
      rows.push(moment(START_MS + (hour + random()) * HOUR_MS, user, false, person, random));
  }
}

/** Mostly announced by a cheap request some seconds before; then now and again another visit while the reader stays. */
function addSession(rows: Row[], user: number, person: Person, startMs: number, random: Random): void {
  let atMs = startMs;
  if (random() < ANNOUNCED) {
    rows.push(moment(atMs, user, false, person, random));
    atMs += 3_000 + 25_000 * random();
  }
  rows.push(moment(atMs, user, true, person, random));
  while (random() < 0.5) {
    atMs += -120_000 * Math.log(1 - random());
    rows.push(moment(atMs, user, true, person, random));
  }
}

function moment(atMs: number, user: number, isVisit: boolean, person: Person, random: Random): Row {
  return {
    atMs,
    user,
    isVisit,
    computeUs: person.computeUs * Math.exp(0.25 * gauss(random)),
    hitUs: 15_000 * Math.exp(0.4 * gauss(random)),
    networkUs: person.networkUs * Math.exp(0.15 * gauss(random)),
  };
}

/** Factors by hour of the week, 1 on average: six in ten sessions around one or two hours of the user's own. */
function habitOf(random: Random): Float64Array {
  const own = Array.from({ length: random() < 0.5 ? 1 : 2 }, () => 7 + Math.floor(15 * random()));
  const weekend = random();
  const factors = Float64Array.from({ length: 168 }, (_, hour) => {
    const [day, time] = [Math.floor(hour / 24), hour % 24];
    const common = 0.25 + Math.max(0, Math.sin(((time - 6) / 18) * Math.PI));
    const near = own.some((mine) => Math.abs(mine - time) <= 1) ? 5 / own.length : 0;
    return (0.4 * common + 0.6 * near) * (day >= 5 ? 0.3 + 0.7 * weekend : 1);
  });
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / 168;
  return factors.map((factor) => factor / mean);
}

function inColumns(rows: readonly Row[]): Moments {
  const column = (of: (row: Row) => number) => Float64Array.from(rows, of);
  return {
    count: rows.length,
    atMs: column((row) => row.atMs),
    user: Uint16Array.from(rows, (row) => row.user),
    isVisit: Uint8Array.from(rows, (row) => (row.isVisit ? 1 : 0)),
    computeUs: column((row) => Math.round(row.computeUs)),
    hitUs: column((row) => Math.round(row.hitUs)),
    networkUs: column((row) => Math.round(row.networkUs)),
    fillUs: column((row) => Math.round(row.computeUs)),
  };
}

export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

function shuffled(count: number, random: Random): number[] {
  const list = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}
