import { oracle, type Run, run, type RunWish, type Trained } from "./runs.ts";
import { mostBeyond } from "./spending.ts";

/** What one run gives; all but the price in parts of one. */
export interface RunFigures {
  seed: number;
  goal: "p99" | "slo";
  share: number;
  budgetIs: "average" | "limit";
  /** How much lower the p99 is than without prefill, and how many fewer requests are above the target. */
  p99: number;
  misses: number;
  /** Predicted p99 over realised, less one; and whether the realised one lies in the interval. */
  error: number;
  within: boolean;
  unused: number;
  /** What was spent, of what visitors wait for computations without prefill. */
  spent: number;
  /** The most that was spent in any hour, beyond its budget. */
  beyond: number;
  /** Part of the fills that users got who are slow by network or payload only. */
  toFar: number;
  verdict: string;
}

/** What was got of what oracles get from the same budget: one that is told if a visit follows, and one that is more; see bench/README.md. */
export interface OracleFigures {
  seed: number;
  goal: "p99" | "slo";
  told: number;
  hindsight: number;
}

export async function figuresOf(trained: Trained, wish: RunWish): Promise<RunFigures> {
  return figuresOfRun(trained, await run(trained, wish), wish);
}

function figuresOfRun(
  { world, none, seed }: Trained,
  { seen, planned, policy, effect }: Run,
  { goal, share, budgetIs = "average" }: RunWish,
) {
  const { p99AfterUs, p99AfterLowUs, p99AfterHighUs } = planned.prediction;
  const { spent } = policy;
  const far = spent.filter(({ user }) => world.users[user]!.networkUs > 0).length;
  return {
    seed,
    goal,
    share,
    budgetIs,
    p99: 1 - seen.p99Us / none.p99Us,
    misses: 1 - seen.overTarget / none.overTarget,
    error: p99AfterUs! / seen.p99Us - 1,
    within: p99AfterLowUs! <= seen.p99Us && seen.p99Us <= p99AfterHighUs!,
    unused: effect.unused / Math.max(1, effect.decisions.fill),
    spent: spent.reduce((sum, { us }) => sum + us, 0) / 1e6 / none.missSeconds,
    beyond: mostBeyond(spent, policy.budgetAt),
    toFar: far / Math.max(1, spent.length),
    verdict: effect.verdict,
  };
}

export async function oracleFigures(trained: Trained, { goal, share }: RunWish): Promise<OracleFigures> {
  const { seed, none } = trained;
  const one = await run(trained, { goal, share });
  const told = await run(trained, { goal, share, knows: true });
  const best = oracle(trained, { goal, share }, { budgetAt: one.policy.budgetAt, refreshes: false });
  const spared = ({ p99Us, overTarget }: Run["seen"]) =>
    goal === "p99" ? 1 - p99Us / none.p99Us : 1 - overTarget / none.overTarget;
  const got = spared(one.seen);
  return { seed, goal, told: got / spared(told.seen), hindsight: got / spared(best) };
}
