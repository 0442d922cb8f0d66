import type { Interval } from "../../lib/prefill/index.ts";
import { oracle, type Run, run, TARGET_US, type Trained } from "./runs.ts";
import { mostBeyond } from "./spending.ts";

/** What one seed gives: shares are parts of one. */
export interface SeedFigures {
  seed: number;
  /** How much lower the p99 is, and how many fewer requests are above the target, at a quarter of the miss compute. */
  p99: number;
  misses: number;
  /** Of what the oracle reaches. */
  p99OfOracle: number;
  missesOfOracle: number;
  runs: RunFigures[];
}

export interface RunFigures {
  goal: "p99" | "slo";
  share: number;
  realisedUs: number;
  /** Predicted over realised, less one. */
  error: number;
  within: boolean;
  unused: number;
  /** The most that was spent in any hour, beyond its budget; 0 when within. */
  beyond: number;
  /** Part of the fills that users got who are slow by network or payload only. */
  toFar: number;
  verdict: string;
  difference: Interval | null;
}

export const QUARTER = 0.25;

export async function figuresOf(trained: Trained, shares: readonly number[]): Promise<SeedFigures> {
  const { none, seed } = trained;
  const runs: RunFigures[] = [];
  const less = { p99: 0, misses: 0, p99OfOracle: 0, missesOfOracle: 0 };
  for (const goal of ["p99", "slo"] as const)
    for (const share of shares) {
      const one = await run(trained, { goal, share });
      runs.push(runFigures(trained, one, { goal, share }));
      if (share !== QUARTER) continue;
      const best = oracle(trained, goal, one.budgetAt);
      if (goal === "p99") {
        less.p99 = 1 - one.seen.p99Us / none.p99Us;
        less.p99OfOracle = less.p99 / (1 - best.p99Us / none.p99Us);
      } else {
        less.misses = 1 - one.seen.overTarget / none.overTarget;
        less.missesOfOracle = less.misses / (1 - best.overTarget / none.overTarget);
      }
    }
  return { seed, ...less, runs };
}

function runFigures({ world }: Trained, one: Run, { goal, share }: { goal: "p99" | "slo"; share: number }): RunFigures {
  const { seen, planned, policy, server, budgetAt } = one;
  const { p99AfterUs, p99AfterLowUs, p99AfterHighUs } = planned.solution.prediction;
  const effect = server.effect(world.trainedMs, 1);
  const far = policy.spent.filter(({ user }) => world.users[user]!.networkUs > 0).length;
  return {
    goal,
    share,
    realisedUs: seen.p99Us,
    error: p99AfterUs! / seen.p99Us - 1,
    within: p99AfterLowUs! <= seen.p99Us && seen.p99Us <= p99AfterHighUs!,
    unused: effect.unused / Math.max(1, effect.decisions.fill),
    beyond: mostBeyond(policy.spent, budgetAt),
    toFar: far / Math.max(1, policy.spent.length),
    verdict: effect.verdict,
    difference: effect.difference,
  };
}

export { TARGET_US };
