import { Refreshes } from "../../lib/sdk/src/prefill/refreshes.ts";
import { type DecisionEvent, type FillEvent, REFRESHED_AT, type VisitEvent } from "../../lib/wire/index.ts";
import type { World } from "./world.ts";

/** What decides in a simulated app, and what hears of everything that happens there. */
export interface Policy {
  /** Called when a user shows up whose value is cold, before values expire, and at a clock slot. Returns the logged decision, if any. */
  decide(occasion: Occasion): DecisionEvent | null;
  /** Whether a user's values are to be looked at before they expire. */
  returns?(user: number): boolean;
  /** The next users whose hour it is: called every second while an hour begins. */
  clock?(atMs: number): number[];
  /** Called when a fill is over. */
  settled?(fill: Settled): void;
  event?(event: FillEvent | VisitEvent): void;
  /** Called for every visit. */
  visited?(visit: Visited): void;
  /** Called every ten minutes. */
  plans?(atMs: number): void;
}

export interface Occasion {
  atMs: number;
  user: number;
  signal: "session" | "refresh" | "clock";
  /** Place of the user's last moment among the world's. */
  place: number;
}

export interface Visited {
  atMs: number;
  user: number;
  cache: "hit" | "miss" | "joined";
  latencyUs: number;
  /** Work done for it, in microseconds. */
  computedUs: number;
}

export interface Settled {
  decision: DecisionEvent;
  startMs: number;
  doneMs: number;
  /** 0 when it did not run. */
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
const TICK_MS = 1_000;
/** As long as an hour begins. */
const CLOCK_MS = 600_000;
/** Fills that may wait for each that may run. */
const WAITING_EACH = 2;
const PLANS_MS = 600_000;

/** The app's side of the world: cache, fills, decisions that wait for a visit. Lasts over several stretches. */
export class App {
  private readonly warmUntil: Float64Array;
  private readonly open: (DecisionEvent | undefined)[];
  private readonly fills: (Settled | undefined)[];
  /** The last moment of each user; before it, the first: what a fill takes is read from there. */
  private readonly last: Int32Array;
  private underWay: Settled[] = [];
  private readonly slotFreeMs: Float64Array;
  private readonly idle: boolean;
  private readonly refreshes = new Refreshes(20_000);
  private tickMs = Number.NaN;

  constructor(
    private readonly world: World,
    { slots = 4, idle = false }: AppOptions = {},
  ) {
    const users = world.users.length;
    this.idle = idle;
    this.warmUntil = new Float64Array(users).fill(Number.NEGATIVE_INFINITY);
    this.open = Array.from({ length: users });
    this.fills = Array.from({ length: users });
    this.last = firstMoments(world);
    this.slotFreeMs = new Float64Array(slots);
  }

  /** Plays what happens between two times. Every fill that began is settled at the end. */
  play(policy: Policy, fromMs: number, toMs: number): void {
    const { moments } = this.world;
    this.tickMs = fromMs;
    for (let place = firstFrom(moments.atMs, fromMs); place < moments.count; place++) {
      const atMs = moments.atMs[place]!;
      if (atMs >= toMs) break;
      this.tick(policy, atMs);
      this.settle(policy, atMs);
      this.last[moments.user[place]!] = place;
      if (moments.isVisit[place]) this.visit(policy, place);
      else this.consider(policy, { atMs, user: moments.user[place]!, place, signal: "session" });
    }
    this.settle(policy, Number.POSITIVE_INFINITY);
  }

  /** What an app does each second, up to a time. */
  private tick(policy: Policy, nowMs: number): void {
    for (; this.tickMs <= nowMs; this.tickMs += TICK_MS) {
      const atMs = this.tickMs;
      if (atMs % PLANS_MS === 0) {
        this.settle(policy, atMs);
        policy.plans?.(atMs);
      }
      if (atMs % HOUR_MS < CLOCK_MS) {
        for (const user of policy.clock?.(atMs) ?? [])
          this.consider(policy, { atMs, user, place: this.last[user]!, signal: "clock" });
      }
      if (this.refreshes.size === 0) continue;
      for (const { user } of this.refreshes.take(atMs)) {
        this.settle(policy, atMs);
        this.consider(policy, { atMs, user: Number(user), place: this.last[Number(user)]!, signal: "refresh" });
      }
    }
  }

  private consider(policy: Policy, occasion: Occasion): void {
    const { atMs, user, signal, place } = occasion;
    const waiting = this.open[user];
    if (waiting !== undefined && waiting.notAfterMs >= atMs) return;
    if (this.fills[user] !== undefined) return;
    if (signal !== "refresh" && this.warmUntil[user]! > atMs) return;
    const decision = policy.decide(occasion);
    if (decision === null) return;
    this.open[user] = decision;
    if (decision.arm !== "fill") return;
    if (this.hasRoom(atMs)) this.enqueue(decision, user, place);
    else this.drop(policy, decision);
  }

  private hasRoom(atMs: number): boolean {
    const waiting = this.underWay.filter(({ startMs }) => startMs > atMs + QUEUE_MS).length;
    return waiting < WAITING_EACH * this.slotFreeMs.length;
  }

  private drop(policy: Policy, decision: DecisionEvent): void {
    const { atMs, id } = decision;
    policy.settled?.({ decision, startMs: atMs, doneMs: atMs, tookUs: 0 });
    policy.event?.({ type: "fill", id, atMs, state: "dropped", tookUs: 0, bytes: 0 });
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
    const left: Settled[] = [];
    for (const fill of this.underWay) {
      if (fill.doneMs > atMs) left.push(fill);
      else this.finish(policy, fill);
    }
    this.underWay = left;
  }

  private finish(policy: Policy, fill: Settled): void {
    const { decision, doneMs } = fill;
    const user = Number(decision.user);
    this.fills[user] = undefined;
    // The worker looks again before it starts: a visit may have come first.
    const isLate = decision.signal !== "refresh" && this.warmUntil[user]! > fill.startMs;
    if (!isLate && !this.idle) this.warmUntil[user] = doneMs + this.world.ttlMs;
    const tookUs = isLate ? 0 : fill.tookUs;
    policy.settled?.({ ...fill, tookUs });
    const state = isLate ? "late" : "filled";
    policy.event?.({ type: "fill", id: decision.id, atMs: doneMs, state, tookUs, bytes: 1_000 });
  }

  private visit(policy: Policy, place: number): void {
    const { moments } = this.world;
    const [atMs, user] = [moments.atMs[place]!, moments.user[place]!];
    const first = this.firstOf(user, atMs);
    const seen = this.serve(place);
    const { cache, latencyUs } = seen;
    if (first !== undefined) policy.event?.({ type: "visit", id: first.id, atMs, cache, latencyUs });
    policy.visited?.(seen);
    if (policy.returns?.(user) !== true) return;
    const computedMs = cache === "hit" ? first?.atMs : atMs;
    const dueMs = computedMs === undefined ? 0 : computedMs + REFRESHED_AT * this.world.ttlMs;
    if (dueMs > atMs) this.refreshes.add({ definition: "", user: String(user), atMs: dueMs });
  }

  private serve(place: number): Visited {
    const { moments, ttlMs } = this.world;
    const [atMs, user] = [moments.atMs[place]!, moments.user[place]!];
    const quickUs = moments.networkUs[place]! + moments.hitUs[place]!;
    if (this.warmUntil[user]! > atMs) return { atMs, user, cache: "hit", latencyUs: quickUs, computedUs: 0 };
    const fill = this.fills[user];
    if (fill !== undefined && fill.startMs <= atMs && !this.idle) {
      const waitUs = Math.max(0, fill.doneMs - atMs) * 1000;
      return { atMs, user, cache: "joined", latencyUs: Math.round(quickUs + waitUs), computedUs: 0 };
    }
    const computedUs = moments.computeUs[place]!;
    this.warmUntil[user] = atMs + computedUs / 1000 + ttlMs;
    return { atMs, user, cache: "miss", latencyUs: quickUs + computedUs, computedUs };
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

function firstMoments({ users, moments }: World): Int32Array {
  const first = new Int32Array(users.length);
  for (let place = moments.count - 1; place >= 0; place--) first[moments.user[place]!] = place;
  return first;
}
