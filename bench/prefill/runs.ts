import type { Effect, Wish } from "../../lib/prefill/index.ts";
import type { Outlook } from "../../lib/prefill/outlook.ts";
import { Learner } from "./learner.ts";
import { Measure, NOTHING, type Seen } from "./measure.ts";
import { comesInTime, nextVisits, OraclePolicy, type OracleRules, priceFor } from "./oracle.ts";
import { App, type Occasion } from "./play.ts";
import { type Planned, type PlanFrame, Server } from "./server.ts";
import { TailfillPolicy } from "./tailfill-policy.ts";
import { WHOLE, type World, worldOf, type WorldSize } from "./world.ts";

export const TARGET_US = 500_000;
const DAY_MS = 86_400_000;
const RULES = { withheldShare: 0.1, holdOutShare: 0.01, instances: 1 };
/** Days after which what is only watched is planned anew. A real server does so every minute; what it watches for hardly changes. */
const PLANNED_AFTER_DAYS = [1, 3, 7];

/** What is aimed at, and with how much: a part of what visitors wait for computations. */
export interface Means {
  goal: Wish["goal"];
  share: number;
  /** Whether no hour may take more than its part, or hours spend it on average. */
  budgetIs?: Wish["budgetIs"];
}

/** A world that was watched until its test begins, with nothing filled in it. */
export class Trained {
  readonly world: World;
  readonly server: Server;
  readonly next: Int32Array;
  /** The test as it is without prefill. */
  readonly none: Seen;
  private last: Promise<Outlook> | undefined;

  private constructor(
    readonly seed: number,
    size: WorldSize,
  ) {
    this.world = worldOf(seed, size);
    this.server = new Server(this.world, TARGET_US);
    this.next = nextVisits(this.world);
    const measure = new Measure(TARGET_US);
    new App(this.world).play(measure.of(NOTHING), this.world.trainedMs, this.world.endMs);
    this.none = measure.seen();
  }

  static async of(seed: number, size: WorldSize = WHOLE): Promise<Trained> {
    const trained = new Trained(seed, size);
    await trained.watch();
    return trained;
  }

  private async watch(): Promise<void> {
    const { world, server } = this;
    const app = new App(world);
    const visited = server.visited.bind(server);
    let policy: TailfillPolicy | null = null;
    let fromMs = world.startMs;
    for (const atMs of PLANNED_AFTER_DAYS.map((days) => world.startMs + days * DAY_MS)) {
      if (atMs >= world.trainedMs) break;
      app.play(policy ?? { ...NOTHING, visited }, fromMs, atMs);
      const planned = this.planned(await server.outlook(atMs), {
        goal: "slo",
        share: 0.25,
        mode: "observe",
        nowMs: atMs,
      });
      policy ??= new TailfillPolicy(server, planned, { nowMs: atMs, ttlSeconds: world.ttlMs / 1000 });
      policy.follow(planned, atMs);
      fromMs = atMs;
    }
    app.play(policy ?? { ...NOTHING, visited }, fromMs, world.trainedMs);
  }

  /** What the test's plans are made of. */
  outlook(): Promise<Outlook> {
    return (this.last ??= this.server.outlook(this.world.trainedMs));
  }

  planned(
    outlook: Outlook,
    { goal, share, budgetIs = "average", ...frame }: Means & Omit<PlanFrame, "salt">,
    salt = "",
  ): Planned {
    const { candidates } = outlook.survey;
    let us = 0;
    for (let at = 0; at < candidates.size; at++) us += candidates.coldPerHour[at]! * candidates.costUs[at]!;
    const wish = { ...RULES, goal, budgetIs, budgetSecondsPerHour: (share * us) / 1e6 };
    return this.server.plan(outlook, wish, { ...frame, salt: `seed ${this.seed} ${salt}` });
  }
}

export interface RunWish extends Means {
  /** Whether fills do nothing: an A/A run. */
  idle?: boolean;
  /** Whether it is told if a visit follows a signal in time: an oracle that is but that. */
  knows?: boolean;
  /** What chance is drawn from. */
  salt?: string;
}

/** What came of a test. */
export interface Run {
  seen: Seen;
  planned: Planned;
  effect: Effect;
  policy: TailfillPolicy;
}

/** The test with prefill, by the plan that is made at its beginning; but for the price, it stays as it is. */
export async function run(trained: Trained, wish: RunWish): Promise<Run> {
  const { world, next, server } = trained;
  const { idle = false, knows = false, salt = "" } = wish;
  const nowMs = world.trainedMs;
  // What knows more is told so in the outlook, and needs one of its own.
  const outlook = knows ? await server.outlook(nowMs) : await trained.outlook();
  const planned = trained.planned(outlook, { ...wish, mode: "fill", nowMs, knows }, salt);
  const learner = new Learner();
  const told = { event: learner.take.bind(learner), visited: () => undefined };
  const follows = (occasion: Occasion) => comesInTime(world, next, occasion);
  const about = { nowMs, ttlSeconds: world.ttlMs / 1000, ...(knows && { follows }) };
  const policy = new TailfillPolicy(told, planned, about);
  const measure = new Measure(TARGET_US);
  new App(world, { idle }).play(measure.of(policy), nowMs, world.endMs);
  return { seen: measure.seen(), planned, effect: learner.effect(TARGET_US), policy };
}

/** Thresholds that the oracle is tried at, as parts of the p99 without prefill, and prices as parts of the one that should do. */
const TRIED_TARGETS = [0.7, 0.75, 0.8, 0.85];
const TRIED_PRICES = [0.6, 1];

/** The most that an oracle gets out of so much work, within the same hours' limits: the best of some tries, picked by what came of them. */
export function oracle(
  { world, next, none, seed }: Trained,
  { goal, share }: Means,
  { budgetAt, refreshes }: Pick<OracleRules, "budgetAt" | "refreshes">,
): Seen {
  const seconds = share * none.missSeconds;
  const targets = goal === "slo" ? [TARGET_US] : TRIED_TARGETS.map((part) => part * none.p99Us);
  const worth = (seen: Seen) => (goal === "slo" ? seen.overTarget : seen.p99Us);
  let best = none;
  for (const targetUs of targets)
    for (const part of TRIED_PRICES) {
      const price = part * priceFor(world, next, targetUs, seconds);
      const rules = { ...RULES, targetUs, price, budgetAt, refreshes, salt: `seed ${seed}` };
      const measure = new Measure(TARGET_US);
      new App(world).play(measure.of(new OraclePolicy(world, next, rules)), world.trainedMs, world.endMs);
      if (worth(measure.seen()) < worth(best)) best = measure.seen();
    }
  return best;
}
