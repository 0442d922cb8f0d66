import { run, Trained } from "./prefill/runs.ts";
import type { Row } from "./rounds.ts";

const RUNS = 200;
/** Smaller than the bench's world, since there are so many. */
const SIZE = { users: 700, trainDays: 4, testDays: 7 };

/** How often a verdict says that filling works, or harms, when fills do nothing: A/A runs, each in a world of its own. */
export default async function bench(): Promise<Row[]> {
  const verdicts = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const trained = await Trained.of(seed, SIZE);
    const goal = seed % 2 === 0 ? "p99" : "slo";
    const { effect } = await run(trained, { goal, share: 0.5, idle: true });
    verdicts.set(effect.verdict, (verdicts.get(effect.verdict) ?? 0) + 1);
  }
  const row = (verdict: string, target: string | null): Row => ({
    [`verdict in ${RUNS} runs with fills that do nothing`]: verdict,
    target,
    runs: verdicts.get(verdict) ?? 0,
  });
  return [row("works", "at most 10"), row("harms", null), row("unclear", null), row("too few", null)];
}
