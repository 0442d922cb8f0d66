import type { Wish } from "../../lib/prefill/index.ts";
import { Measure, NOTHING, type Seen } from "./measure.ts";
import { nextVisits, OraclePolicy, priceFor } from "./oracle.ts";
import { App } from "./play.ts";
import { type Planned, Server } from "./server.ts";
import { TailfillPolicy } from "./tailfill-policy.ts";
import { WHOLE, type World, worldOf, type WorldSize } from "./world.ts";

export const TARGET_US = 500_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const RULES = { withheldShare: 0.1, holdOutShare: 0.01 };

/** A world that was watched until its test begins, with nothing filled in it. */
export class Trained {
  readonly world: World;
  readonly server: Server;
  /** The test as it is without prefill. */
  readonly none: Seen;
  private missSecondsPerHour = 0;

  private constructor(
    readonly seed: number,
    size: WorldSize,
  ) {
    this.world = worldOf(seed, size);
    this.server = new Server(this.world, TARGET_US);
    const measure = new Measure(TARGET_US, this.world.trainedMs);
    new App(this.world).play(measure.of(NOTHING), this.world.startMs, this.world.endMs);
    this.none = measure.seen();
  }

  static async of(seed: number, size: WorldSize = WHOLE): Promise<Trained> {
    const trained = new Trained(seed, size);
    await trained.train();
    return trained;
  }

  /** Watches the world, with a plan made anew each day. */
  private async train(): Promise<void> {
    const { world, server } = this;
    const app = new App(world);
    let policy: TailfillPolicy | null = null;
    for (let atMs = world.startMs; atMs < world.trainedMs; atMs += DAY_MS) {
      if (atMs > world.startMs) {
        const { plan } = await this.planned(server, { goal: "slo", share: 0.25, mode: "observe", nowMs: atMs });
        policy ??= new TailfillPolicy(server, plan, { ttlSeconds: world.ttlMs / 1000 });
        policy.follow(plan, atMs);
      }
      const watched = policy ?? { decide: () => null, visited: server.visited.bind(server) };
      app.play(watched, atMs, Math.min(world.trainedMs, atMs + DAY_MS));
    }
  }

  async planned(
    server: Server,
    { goal, share, mode, nowMs }: { goal: Wish["goal"]; share: number; mode: "observe" | "fill"; nowMs: number },
  ): Promise<Planned> {
    const outlook = await server.outlook(nowMs);
    const { candidates } = outlook.survey;
    let us = 0;
    for (let at = 0; at < candidates.size; at++) us += candidates.coldPerHour[at]! * candidates.costUs[at]!;
    this.missSecondsPerHour = us / 1e6;
    const wish = { ...RULES, goal, budgetSecondsPerHour: share * this.missSecondsPerHour };
    return server.plan(outlook, wish, { mode, nowMs, salt: `seed ${this.seed}` });
  }
}

export interface RunWish {
  goal: Wish["goal"];
  /** Of what visitors wait for computations. */
  share: number;
  /** Whether fills do nothing. */
  idle?: boolean;
}

/** What came of a test. */
export interface Run {
  seen: Seen;
  planned: Planned;
  server: Server;
  policy: TailfillPolicy;
  /** Seconds of fills that the hour of a time may take. */
  budgetAt: (atMs: number) => number;
}

/** The test with prefill: a plan at its beginning, made anew each day. */
export async function run(trained: Trained, { goal, share, idle = false }: RunWish): Promise<Run> {
  const { world } = trained;
  const server = trained.server.copy();
  const plan = (nowMs: number) => trained.planned(server, { goal, share, mode: "fill", nowMs });
  const planned = await plan(world.trainedMs);
  const policy = new TailfillPolicy(server, planned.plan, { ttlSeconds: world.ttlMs / 1000 });
  const measure = new Measure(TARGET_US);
  const app = new App(world, { idle });
  for (let atMs = world.trainedMs; atMs < world.endMs; atMs += DAY_MS) {
    if (atMs > world.trainedMs) policy.follow((await plan(atMs)).plan, atMs);
    app.play(measure.of(policy), atMs, Math.min(world.endMs, atMs + DAY_MS));
  }
  return { seen: measure.seen(), planned, server, policy, budgetAt: () => planned.plan.budgetSecondsPerHour };
}

/** Thresholds that the oracle is tried at, as parts of the p99 without prefill, and prices as parts of the one that should do. */
const TRIED_TARGETS = [0.65, 0.7, 0.75, 0.8, 0.85, 0.9];
const TRIED_PRICES = [0.5, 0.8, 1];

/** The most that an oracle gets out of the budget: the best of many tries, picked by what came of them. */
export function oracle({ world, none, seed }: Trained, goal: Wish["goal"], budgetAt: (atMs: number) => number): Seen {
  const next = nextVisits(world);
  let seconds = 0;
  for (let atMs = world.trainedMs; atMs < world.endMs; atMs += HOUR_MS) seconds += budgetAt(atMs);
  const targets = goal === "slo" ? [TARGET_US] : TRIED_TARGETS.map((part) => part * none.p99Us);
  const worth = (seen: Seen) => (goal === "slo" ? seen.overTarget : seen.p99Us);
  let best = none;
  for (const targetUs of targets)
    for (const part of TRIED_PRICES) {
      const price = part * priceFor(world, next, targetUs, seconds);
      const policy = new OraclePolicy(world, next, { ...RULES, targetUs, price, budgetAt, salt: `seed ${seed}` });
      const measure = new Measure(TARGET_US);
      new App(world).play(measure.of(policy), world.trainedMs, world.endMs);
      const seen = measure.seen();
      if (worth(seen) < worth(best)) best = seen;
    }
  return best;
}
