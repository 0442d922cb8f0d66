import { Budget, type Reservation } from "../../lib/sdk/src/prefill/budget.ts";
import { isHeldOut, isWithheld } from "../../lib/sdk/src/prefill/chance.ts";
import { REFRESHED_AT } from "../../lib/wire/index.ts";
import type { DecisionEvent } from "../../lib/wire/index.ts";
import type { Occasion, Policy, Settled } from "./play.ts";
import { DEFINITION } from "./server.ts";
import type { Person, World } from "./world.ts";

export interface OracleRules {
  /** The latency that misses are judged by, and the least worth of a fill: misses avoided per second of work. */
  targetUs: number;
  price: number;
  budgetAt: (atMs: number) => number;
  withheldShare: number;
  holdOutShare: number;
  salt: string;
  /** Whether it may also compute values anew before they expire. */
  refreshes: boolean;
}

/**
 * Knows at every signal whether a visit follows in time, and how every user's latencies are really distributed; not the luck of the
 * single request. It sees the same signals, has the same budget, and leaves the same share out as controls.
 */
export class OraclePolicy implements Policy {
  private readonly budget: Budget;
  private readonly reservations = new Map<string, Reservation>();
  private readonly worth: Float64Array;
  private decisions = 0;

  constructor(
    private readonly world: World,
    private readonly next: Int32Array,
    private readonly rules: OracleRules,
  ) {
    this.budget = new Budget(rules.budgetAt(world.trainedMs), world.trainedMs);
    this.worth = Float64Array.from(world.users, (person) => worthOf(person, rules.targetUs));
  }

  decide({ atMs, user, place, signal }: Occasion): DecisionEvent | null {
    const { rules, world } = this;
    if (signal === "clock" || this.worth[user]! < rules.price) return null;
    const costUs = meanUs(world.users[user]!);
    // Until then, a value that is refreshed would have been there anyway.
    const fromMs = atMs + (signal === "refresh" ? (1 - REFRESHED_AT) * world.ttlMs : costUs / 1000);
    const visitMs = this.visitAfter(place, fromMs);
    if (visitMs >= atMs + world.ttlMs || !this.budget.affords(costUs, atMs)) return null;
    const id = `${rules.salt}-oracle-${this.decisions++}`;
    const held =
      isHeldOut(rules.salt, String(user), rules.holdOutShare) || isWithheld(rules.salt, id, rules.withheldShare);
    if (!held) this.reservations.set(id, this.budget.reserve(costUs, atMs)!);
    const numbers = { use: 1, delta: 1, costUs, price: rules.price };
    const about = { definition: DEFINITION, user: String(user), signal, arm: held ? "withheld" : "fill" } as const;
    return { type: "decision", id, atMs, ...about, ...numbers, notAfterMs: atMs + world.ttlMs };
  }

  returns(user: number): boolean {
    return this.rules.refreshes && this.worth[user]! >= this.rules.price;
  }

  settled({ decision, tookUs }: Settled): void {
    this.budget.settle(this.reservations.get(decision.id)!, tookUs);
  }

  plans(atMs: number): void {
    this.budget.setRate(this.rules.budgetAt(atMs), atMs);
  }

  /** The same user's first visit after a time that is not before a moment. */
  private visitAfter(place: number, atMs: number): number {
    const { atMs: times } = this.world.moments;
    let at = this.next[place]!;
    while (at >= 0 && times[at]! <= atMs) at = this.next[at]!;
    return at < 0 ? Number.POSITIVE_INFINITY : times[at]!;
  }
}

/** By moment, the place of the same user's next visit; −1 when there is none. */
export function nextVisits({ moments, users }: World): Int32Array {
  const latest = new Int32Array(users.length).fill(-1);
  const next = new Int32Array(moments.count);
  for (let at = moments.count - 1; at >= 0; at--) {
    const user = moments.user[at]!;
    next[at] = latest[user]!;
    if (moments.isVisit[at]) latest[user] = at;
  }
  return next;
}

/** Whether a visit follows a moment after a fill could be done, and before its value would expire. */
export function comesInTime(
  { moments, users, ttlMs }: World,
  next: Int32Array,
  { atMs, user, place }: Occasion,
): boolean {
  const visit = next[place]!;
  const visitMs = visit < 0 ? Number.POSITIVE_INFINITY : moments.atMs[visit]!;
  return visitMs > atMs + meanUs(users[user]!) / 1000 && visitMs < atMs + ttlMs;
}

/** The worth that so much of what is announced lies above, as the budget of the whole test pays for. */
export function priceFor(world: World, next: Int32Array, targetUs: number, seconds: number): number {
  const { moments, users, trainedMs, ttlMs } = world;
  const work = new Float64Array(users.length);
  for (let at = 0; at < moments.count; at++) {
    if (moments.isVisit[at] || moments.atMs[at]! < trainedMs) continue;
    const visit = next[at]!;
    if (visit >= 0 && moments.atMs[visit]! < moments.atMs[at]! + ttlMs) work[moments.user[at]!]! += moments.fillUs[at]!;
  }
  const worth = users.map((person) => worthOf(person, targetUs));
  const order = [...users.keys()].sort((a, b) => worth[b]! - worth[a]!);
  let left = seconds * 1e6;
  for (const user of order) if ((left -= work[user]!) < 0) return worth[user]!;
  return 1e-6;
}

/** P[M > x] − P[H > x] of a person by second of work; serving left out for those that are near. */
function worthOf(person: Person, targetUs: number): number {
  if (person.networkUs > 0) return 0;
  const z = Math.log(targetUs / (person.computeUs + SERVING_US)) / SPREAD;
  return ((1 - bellBelow(z)) * 1e6) / meanUs(person);
}

/** How the world draws what a request takes. */
const SPREAD = 0.25;
const SERVING_US = 15_000;

function meanUs({ computeUs }: Person): number {
  return computeUs * Math.exp(SPREAD ** 2 / 2);
}

/** The part of a normal distribution below z, within 1e-7 (Abramowitz and Stegun 26.2.17). */
function bellBelow(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const series =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - above : above;
}
