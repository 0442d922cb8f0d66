import type { DecisionArm, DecisionEvent, FillEvent, VisitEvent } from "@/lib/wire";
import { REFRESHED_AT } from "@/lib/prefill/visits";
import { Refreshes } from "./refreshes.ts";
import type { World } from "./world.ts";

/** What decides in a simulated app, and what hears of everything that happens there. */
export interface Policy {
  /** Called when a user shows up whose value is cold, and before values expire. Returns the logged decision, or null for none. */
  decide(occasion: Occasion): DecisionEvent | null;
  /** Whether a user's values are to be looked at before they expire. */
  returns?(user: number): boolean;
  /** Called when a fill is over, with what it took; 0 when it did not run. */
  settled?(decision: DecisionEvent, atMs: number, tookUs: number): void;
  event?(event: FillEvent | VisitEvent): void;
  /** Called for every visit. A cold one found nothing, or only what a fill put there. */
  visited?(visit: Visited): void;
  /** Called when an hour of the world begins. */
  hour?(atMs: number): void;
}

export interface Occasion {
  atMs: number;
  user: number;
  signal: "session" | "refresh";
  /** Place of the signal among the world's moments, or of the visit whose value is about to expire. */
  place: number;
}

export interface Visited {
  atMs: number;
  user: number;
  cache: "hit" | "miss" | "joined";
  isCold: boolean;
  latencyUs: number;
  /** Work done for it, in microseconds. */
  computedUs: number;
}

/** A fill that was decided on: waiting, or running from `startMs` to `doneMs`. */
interface Fill {
  decision: DecisionEvent;
  startMs: number;
  doneMs: number;
  tookUs: number;
}

export interface AppOptions {
  /** Fills that run at once. */
  slots?: number;
  /** Whether fills do nothing: an A/A run. */
  idle?: boolean;
}

const HOUR_MS = 3_600_000;
/** From a signal to a fill's start: logging, the queue, the worker. */
const QUEUE_MS = 60;

/** The app's side of the world: cache, fills, decisions that wait for a visit. Lasts over several stretches. */
export class App {
  private readonly warmUntil: Float64Array;
  private readonly open: (DecisionEvent | undefined)[];
  private readonly fills: (Fill | undefined)[];
  private underWay: Fill[] = [];
  private readonly slotFreeMs: Float64Array;
  private readonly idle: boolean;
  private readonly refreshes = new Refreshes();

  constructor(
    private readonly world: World,
    { slots = 4, idle = false }: AppOptions = {},
  ) {
    this.idle = idle;
    const users = world.users.length;
    this.warmUntil = new Float64Array(users).fill(Number.NEGATIVE_INFINITY);
    this.open = Array.from({ length: users });
    this.fills = Array.from({ length: users });
    this.slotFreeMs = new Float64Array(slots);
  }

  /** Plays what happens between two times. Every fill that began is settled at the end. */
  play(policy: Policy, fromMs: number, toMs: number): void {
    const { moments } = this.world;
    let hour = Number.NaN;
    for (let place = firstFrom(moments.atMs, fromMs); place < moments.count; place++) {
      const atMs = moments.atMs[place]!;
      if (atMs >= toMs) break;
      this.settle(policy, atMs);
      this.refresh(policy, atMs);
      if (Math.floor(atMs / HOUR_MS) !== hour) {
        hour = Math.floor(atMs / HOUR_MS);
        policy.hour?.(hour * HOUR_MS);
      }
      if (moments.isVisit[place]) this.visit(policy, place);
      else this.signal(policy, place);
    }
    this.settle(policy, Number.POSITIVE_INFINITY);
  }

  private signal(policy: Policy, place: number): void {
    const { moments } = this.world;
    const [atMs, user] = [moments.atMs[place]!, moments.user[place]!];
    if (this.warmUntil[user]! <= atMs) this.consider(policy, { atMs, user, place, signal: "session" });
  }

  private consider(policy: Policy, occasion: Occasion): void {
    const { atMs, user, place } = occasion;
    const waiting = this.open[user];
    if (waiting !== undefined && waiting.notAfterMs >= atMs) return;
    if (this.fills[user] !== undefined) return;
    const decision = policy.decide(occasion);
    if (decision === null) return;
    this.open[user] = decision;
    if (decision.arm === "fill") this.enqueue(decision, user, place);
  }

  /** What is about to expire. */
  private refresh(policy: Policy, nowMs: number): void {
    for (let due = this.refreshes.take(nowMs); due !== undefined; due = this.refreshes.take(nowMs)) {
      this.settle(policy, due.atMs);
      this.consider(policy, { ...due, signal: "refresh" });
    }
  }

  private enqueue(decision: DecisionEvent, user: number, place: number): void {
    let slot = 0;
    for (let at = 1; at < this.slotFreeMs.length; at++) if (this.slotFreeMs[at]! < this.slotFreeMs[slot]!) slot = at;
    const tookUs = this.world.moments.fillUs[place]!;
    const startMs = Math.max(decision.atMs + QUEUE_MS, this.slotFreeMs[slot]!);
    const fill = { decision, startMs, doneMs: startMs + tookUs / 1000, tookUs };
    this.slotFreeMs[slot] = fill.doneMs;
    this.fills[user] = fill;
    this.underWay.push(fill);
  }

  private settle(policy: Policy, atMs: number): void {
    if (this.underWay.length === 0) return;
    const left: Fill[] = [];
    for (const fill of this.underWay) {
      if (fill.doneMs > atMs) left.push(fill);
      else this.finish(policy, fill);
    }
    this.underWay = left;
  }

  private finish(policy: Policy, fill: Fill): void {
    const { decision, doneMs } = fill;
    const user = Number(decision.user);
    this.fills[user] = undefined;
    // The worker looks again before it starts: a visit may have come first.
    const isLate = decision.signal !== "refresh" && this.warmUntil[user]! > fill.startMs;
    if (!isLate && !this.idle) this.warmUntil[user] = doneMs + this.world.ttlMs;
    const tookUs = isLate ? 0 : fill.tookUs;
    policy.settled?.(decision, doneMs, tookUs);
    policy.event?.({
      type: "fill",
      id: decision.id,
      atMs: doneMs,
      state: isLate ? "late" : "filled",
      tookUs,
      bytes: 1_000,
    });
  }

  private visit(policy: Policy, place: number): void {
    const { moments } = this.world;
    const [atMs, user] = [moments.atMs[place]!, moments.user[place]!];
    const first = this.firstOf(user, atMs);
    const seen = this.serve(place, first?.arm);
    if (first !== undefined) {
      policy.event?.({ type: "visit", id: first.id, atMs, cache: seen.cache, latencyUs: seen.latencyUs });
    }
    policy.visited?.(seen);
    if (seen.isCold && policy.returns?.(user)) {
      const computedMs = seen.cache === "hit" ? first!.atMs : atMs;
      this.refreshes.add({ atMs: computedMs + REFRESHED_AT * this.world.ttlMs, user, place });
    }
  }

  private serve(place: number, arm: DecisionArm | undefined): Visited {
    const { moments, ttlMs } = this.world;
    const [atMs, user] = [moments.atMs[place]!, moments.user[place]!];
    const quickUs = moments.networkUs[place]! + moments.hitUs[place]!;
    if (this.warmUntil[user]! > atMs)
      return { atMs, user, cache: "hit", isCold: arm === "fill", latencyUs: quickUs, computedUs: 0 };
    const fill = this.fills[user];
    if (fill !== undefined && fill.startMs <= atMs && !this.idle) {
      const waitUs = Math.max(0, fill.doneMs - atMs) * 1000;
      return { atMs, user, cache: "joined", isCold: true, latencyUs: Math.round(quickUs + waitUs), computedUs: 0 };
    }
    const computedUs = moments.computeUs[place]!;
    this.warmUntil[user] = atMs + computedUs / 1000 + ttlMs;
    return { atMs, user, cache: "miss", isCold: true, latencyUs: quickUs + computedUs, computedUs };
  }

  /** The decision whose first visit this is. */
  private firstOf(user: number, atMs: number): DecisionEvent | undefined {
    const decision = this.open[user];
    this.open[user] = undefined;
    return decision !== undefined && decision.notAfterMs >= atMs ? decision : undefined;
  }
}

function firstFrom(times: Float64Array, atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
