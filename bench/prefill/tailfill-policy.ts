import { nextCorrection } from "../../lib/prefill/index.ts";
import { Budget, type Reservation } from "../../lib/sdk/src/prefill/budget.ts";
import { ClockSlots } from "../../lib/sdk/src/prefill/clock-slots.ts";
import { decide } from "../../lib/sdk/src/prefill/decide.ts";
import { indexPlan, type IndexedPlan } from "../../lib/sdk/src/prefill/plan-index.ts";
import type { DecisionEvent, FillEvent, PrefillPlan, VisitEvent } from "../../lib/wire/index.ts";
import type { Occasion, Policy, Settled, Visited } from "./play.ts";
import { DEFINITION, type Planned, type Server } from "./server.ts";

const HOUR_MS = 3_600_000;
/** The price is corrected by what was spent in stretches as long as this. */
const STRETCH_MS = HOUR_MS;

/** Work of a fill, by when it was decided on. */
export interface Spent {
  atMs: number;
  us: number;
  user: number;
}

/** The app with the SDK's own functions: decides by a plan, within its budget, and tells the server. */
export class TailfillPolicy implements Policy {
  readonly spent: Spent[] = [];
  readonly refusals = new Map<string, number>();
  private readonly budget: Budget;
  private readonly slots = new ClockSlots();
  private readonly reservations = new Map<string, Reservation>();
  /** Budgets by hour. */
  private readonly rates = new Map<number, number>();
  private readonly ttlSeconds: number;
  /** Of an oracle: whether a visit follows in time. */
  private readonly follows: ((occasion: Occasion) => boolean) | undefined;
  private index: IndexedPlan;
  private decisions = 0;
  private correction = 1;

  constructor(
    private readonly server: Pick<Server, "event" | "visited">,
    private planned: Planned,
    { nowMs, ttlSeconds, follows }: { nowMs: number; ttlSeconds: number; follows?: (occasion: Occasion) => boolean },
  ) {
    this.ttlSeconds = ttlSeconds;
    this.follows = follows;
    this.index = indexPlan(planned.at(nowMs, 1));
    this.budget = new Budget(this.plan.budgetSecondsPerHour, nowMs);
  }

  follow(planned: Planned, nowMs: number): void {
    this.planned = planned;
    this.use(nowMs);
  }

  /** As the server corrects the price. */
  plans(atMs: number): void {
    const { seconds, fills } = this.planned.spending(atMs - STRETCH_MS);
    const spentSeconds = this.spentSince(atMs - STRETCH_MS);
    const part = STRETCH_MS / HOUR_MS;
    if (this.plan.mode === "fill" && atMs % STRETCH_MS === 0) {
      const expected = { expectedSeconds: seconds * part, expectedFills: fills * part };
      this.correction = nextCorrection(this.correction, { spentSeconds, ...expected });
    }
    this.use(atMs);
  }

  private spentSince(fromMs: number): number {
    let us = 0;
    for (let at = this.spent.length - 1; at >= 0 && this.spent[at]!.atMs >= fromMs - STRETCH_MS; at--)
      if (this.spent[at]!.atMs >= fromMs) us += this.spent[at]!.us;
    return us / 1e6;
  }

  private use(atMs: number): void {
    this.index = indexPlan(this.planned.at(atMs, this.correction));
    this.budget.setRate(this.plan.budgetSecondsPerHour, atMs);
    this.rates.set(Math.floor(atMs / HOUR_MS), this.plan.budgetSecondsPerHour);
  }

  /** Seconds of fills that the hour of a time might take. */
  readonly budgetAt = (atMs: number): number => {
    const hour = Math.floor(atMs / HOUR_MS);
    return this.rates.get(hour) ?? this.rates.get(hour + 1) ?? 0;
  };

  get plan(): PrefillPlan {
    return this.index.plan;
  }

  decide(occasion: Occasion): DecisionEvent | null {
    return this.follows?.(occasion) === false ? null : this.decideOn(occasion);
  }

  private decideOn({ atMs, user, signal }: Occasion): DecisionEvent | null {
    const { plan } = this.index;
    const id = `${plan.salt}-${this.decisions++}`;
    const occasion = { id, definition: DEFINITION, ttlSeconds: this.ttlSeconds, user: String(user), signal };
    // The world makes plans rarely; a real one is a minute old.
    plan.madeAtMs = atMs;
    const affords = (costUs: number) => this.budget.affords(costUs, atMs);
    const verdict = decide(this.index, { ...occasion, nowMs: atMs }, { open: false, braked: false, affords });
    if (verdict.arm === null) {
      this.refusals.set(verdict.refusal, (this.refusals.get(verdict.refusal) ?? 0) + 1);
      return null;
    }
    const { arm, numbers, notAfterMs } = verdict;
    const told = { definition: DEFINITION, user: String(user), signal, arm, ...numbers, notAfterMs };
    const event: DecisionEvent = { type: "decision", id, atMs, ...told };
    this.server.event(event);
    if (arm === "fill") this.reservations.set(id, this.budget.reserve(numbers.costUs, atMs)!);
    return event;
  }

  returns(user: number): boolean {
    return this.index.definitions.get(DEFINITION)?.users.get(String(user))?.again !== undefined;
  }

  clock(atMs: number): number[] {
    return this.slots.take(this.index, atMs, this.plan.concurrency).map(({ user }) => Number(user));
  }

  settled({ decision, tookUs }: Settled): void {
    this.budget.settle(this.reservations.get(decision.id)!, tookUs);
    this.reservations.delete(decision.id);
    if (tookUs > 0) this.spent.push({ atMs: decision.atMs, us: tookUs, user: Number(decision.user) });
  }

  event(event: FillEvent | VisitEvent): void {
    this.server.event(event);
  }

  visited(visit: Visited): void {
    this.server.visited(visit);
  }
}
