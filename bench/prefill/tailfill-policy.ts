import { Budget, type Reservation } from "@/lib/sdk/src/prefill/budget";
import { decide, type Refusal } from "@/lib/sdk/src/prefill/decide";
import { indexPlan, type IndexedPlan } from "@/lib/sdk/src/prefill/plan-index";
import type { DecisionEvent, FillEvent, PrefillPlan, VisitEvent } from "@/lib/wire";
import type { Occasion, Policy, Visited } from "./play.ts";
import { DEFINITION, type Server } from "./server.ts";

/** The app with the SDK's own functions: decides by a plan, within its budget, and tells the server. */
export class TailfillPolicy implements Policy {
  private index: IndexedPlan;
  readonly budget: Budget;
  private readonly reservations = new Map<string, Reservation>();
  private decisions = 0;
  refreshed = 0;

  readonly refusals = new Map<Refusal, number>();
  /** Work by when it began. */
  readonly spent: { atMs: number; us: number; user: number }[] = [];

  constructor(
    private readonly server: Server,
    plan: PrefillPlan,
    private readonly ttlSeconds: number,
    private readonly onHour?: (atMs: number, policy: TailfillPolicy) => void,
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
    const id = `${this.index.plan.salt}-${this.index.plan.mode}-${this.decisions++}`;
    const occasion = {
      id,
      definition: DEFINITION,
      ttlSeconds: this.ttlSeconds,
      user: String(user),
      signal,
      nowMs: atMs,
    };
    // The world makes plans rarely; a real one is a minute old.
    this.index.plan.madeAtMs = atMs;
    const verdict = decide(this.index, occasion, {
      open: false,
      braked: false,
      affords: (costUs) => this.budget.affords(costUs, atMs),
    });
    if (verdict.arm === null) {
      this.refusals.set(verdict.refusal, (this.refusals.get(verdict.refusal) ?? 0) + 1);
      return null;
    }
    if (signal === "refresh" && verdict.arm === "fill") this.refreshed++;
    const { arm, numbers, notAfterMs } = verdict;
    const event: DecisionEvent = {
      type: "decision",
      id,
      atMs,
      definition: DEFINITION,
      user: occasion.user,
      signal,
      arm,
      ...numbers,
      notAfterMs,
    };
    this.server.event(event);
    if (arm === "fill") this.reservations.set(id, this.budget.reserve(numbers.costUs, atMs)!);
    return event;
  }

  returns(user: number): boolean {
    return this.index.definitions.get(DEFINITION)?.users.get(String(user))?.again !== undefined;
  }

  settled(decision: DecisionEvent, _atMs: number, tookUs: number): void {
    const reservation = this.reservations.get(decision.id);
    if (reservation !== undefined) this.budget.settle(reservation, tookUs);
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
    this.onHour?.(atMs, this);
  }
}
