import { hourOfWeek, slotOf } from "@/lib/prefill/hours";
import { REFRESHED_AT } from "@/lib/prefill/visits";
import { bellBelow } from "@/lib/prefill/smooth";
import { Budget, type Reservation } from "@/lib/sdk/src/prefill/budget";
import { isHeldOut, isWithheld } from "@/lib/sdk/src/prefill/chance";
import type { DecisionEvent } from "@/lib/wire";
import type { Occasion, Policy } from "./play.ts";
import { DEFINITION } from "./server.ts";
import type { Person, World } from "./world.ts";

export interface OracleRules {
  targetUs: number;
  price: number;
  budgetSecondsPerHour: number;
  withheldShare: number;
  holdOutShare: number;
  salt: string;
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
  spentUs = 0;

  constructor(
    private readonly world: World,
    private readonly next: NextVisits,
    private readonly rules: OracleRules,
    nowMs: number,
    private readonly factors?: ArrayLike<number>,
  ) {
    this.budget = new Budget(rules.budgetSecondsPerHour, nowMs);
    this.worth = Float64Array.from(world.users, (person) => (trueDelta(person, rules.targetUs) * 1e6) / meanUs(person));
  }

  decide({ atMs, user, place, signal }: Occasion): DecisionEvent | null {
    const { rules, world } = this;
    const costUs = meanUs(world.users[user]!);
    const visitMs = this.visitAfter(place, signal === "refresh" ? atMs + (1 - REFRESHED_AT) * world.ttlMs : atMs);
    const comes = visitMs > atMs + costUs / 1000 && visitMs < atMs + world.ttlMs;
    if (!comes || this.worth[user]! < rules.price || !this.budget.affords(costUs, atMs)) return null;
    const id = `${rules.salt}-oracle-${this.decisions++}`;
    const isOut =
      isHeldOut(rules.salt, String(user), rules.holdOutShare) || isWithheld(rules.salt, id, rules.withheldShare);
    if (!isOut) this.reservations.set(id, this.budget.reserve(costUs, atMs)!);
    return {
      type: "decision",
      id,
      atMs,
      definition: DEFINITION,
      user: String(user),
      signal,
      arm: isOut ? "withheld" : "fill",
      use: 1,
      delta: 1,
      costUs,
      price: rules.price,
      notAfterMs: atMs + world.ttlMs,
    };
  }

  returns(user: number): boolean {
    return this.worth[user]! >= this.rules.price;
  }

  /** The same user's first visit after a time that is not before a moment. */
  private visitAfter(place: number, atMs: number): number {
    let at = place;
    while (this.next.atMs[at]! <= atMs) at = this.next.place[at]!;
    return this.next.atMs[at]!;
  }

  settled(decision: DecisionEvent, _atMs: number, tookUs: number): void {
    this.budget.settle(this.reservations.get(decision.id)!, tookUs);
    this.spentUs += tookUs;
  }

  hour(atMs: number): void {
    if (this.factors === undefined) return;
    const slot = slotOf(hourOfWeek(atMs));
    this.budget.setRate(this.rules.budgetSecondsPerHour * this.factors[slot]!, atMs);
  }
}

/** By moment, the same user's next visit: when it comes (infinite when none does), and its place. */
export interface NextVisits {
  atMs: Float64Array;
  place: Int32Array;
}

export function nextVisits({ moments, users }: World): NextVisits {
  const latest = new Int32Array(users.length).fill(-1);
  const atMs = new Float64Array(moments.count);
  const place = new Int32Array(moments.count);
  for (let at = moments.count - 1; at >= 0; at--) {
    const user = moments.user[at]!;
    place[at] = latest[user]!;
    atMs[at] = latest[user]! < 0 ? Number.POSITIVE_INFINITY : moments.atMs[latest[user]!]!;
    if (moments.isVisit[at]) latest[user] = at;
  }
  return { atMs, place };
}

/** P[M > x] − P[H > x] of a person, serving left out for those that are near. */
function trueDelta({ computeUs, networkUs }: Person, targetUs: number): number {
  if (networkUs > 0) return 0;
  return 1 - bellBelow(Math.log(targetUs / (computeUs + 15_000)) / 0.25);
}

function meanUs({ computeUs }: Person): number {
  return computeUs * Math.exp(0.25 ** 2 / 2);
}
