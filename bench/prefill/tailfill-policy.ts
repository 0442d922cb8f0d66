import { Budget, type Reservation } from "../../lib/sdk/src/prefill/budget.ts";
import { ClockSlots } from "../../lib/sdk/src/prefill/clock-slots.ts";
import { decide } from "../../lib/sdk/src/prefill/decide.ts";
import { indexPlan, type IndexedPlan } from "../../lib/sdk/src/prefill/plan-index.ts";
import type { DecisionEvent, FillEvent, PrefillPlan, VisitEvent } from "../../lib/wire/index.ts";
import type { Occasion, Policy, Settled, Visited } from "./play.ts";
import { DEFINITION, type Server } from "./server.ts";

/** Work of a fill, by when it was decided on. */
export interface Spent {
  atMs: number;
  us: number;
  user: number;
}

/** The app with the SDK's own functions: decides by a plan, within its budget, and tells the server. */
export class TailfillPolicy implements Policy {
  readonly spent: Spent[] = [];
  private readonly budget: Budget;
  private readonly slots = new ClockSlots();
  private readonly reservations = new Map<string, Reservation>();
  private index: IndexedPlan;
  private decisions = 0;

  constructor(
    private readonly server: Server,
    plan: PrefillPlan,
    private readonly hooks: { ttlSeconds: number; hour?: (atMs: number, policy: TailfillPolicy) => void },
  ) {
    this.index = indexPlan(plan);
    this.budget = new Budget(plan.budgetSecondsPerHour, plan.madeAtMs);
  }

  follow(plan: PrefillPlan, nowMs: number): void {
    this.index = indexPlan(plan);
    this.budget.setRate(plan.budgetSecondsPerHour, nowMs);
  }

  get plan(): PrefillPlan {
    return this.index.plan;
  }

  decide({ atMs, user, signal }: Occasion): DecisionEvent | null {
    const { plan } = this.index;
    const id = `${plan.salt}-${this.decisions++}`;
    const occasion = { id, definition: DEFINITION, ttlSeconds: this.hooks.ttlSeconds, user: String(user), signal };
    // The world makes plans rarely; a real one is a minute old.
    plan.madeAtMs = atMs;
    const affords = (costUs: number) => this.budget.affords(costUs, atMs);
    const verdict = decide(this.index, { ...occasion, nowMs: atMs }, { open: false, braked: false, affords });
    if (verdict.arm === null) return null;
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
    return this.slots.take(this.index, atMs).map(({ user }) => Number(user));
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

  hour(atMs: number): void {
    this.hooks.hour?.(atMs, this);
  }
}
