import { figuresOf, type OracleFigures, oracleFigures, type RunFigures } from "./prefill/figures.ts";
import { Trained } from "./prefill/runs.ts";
import { median, type Row, short } from "./rounds.ts";

const SEEDS = 20;
const GOALS = ["p99", "slo"] as const;
/** Budgets, as parts of what visitors wait for computations. */
const SHARES = [0.1, 0.25, 1, 4];
const QUARTER = 0.25;

/** What prefill brings in a made-up world that is known to the last request, over seeds; see bench/README.md. */
export default async function bench(): Promise<Row[]> {
  const runs: RunFigures[] = [];
  const oracles: OracleFigures[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const trained = await Trained.of(seed);
    for (const goal of GOALS) {
      for (const share of SHARES) runs.push(await figuresOf(trained, { goal, share }));
      runs.push(await figuresOf(trained, { goal, share: QUARTER, budgetIs: "limit" }));
      oracles.push(await oracleFigures(trained, { goal, share: QUARTER }));
    }
    console.log(JSON.stringify([...runs.filter((one) => one.seed === seed), ...oracles.slice(-2)]));
  }
  return [...mainRows(runs, oracles), ...predictionRows(runs)];
}

function mainRows(runs: readonly RunFigures[], oracles: readonly OracleFigures[]): Row[] {
  const p99 = runs.filter(({ goal }) => goal === "p99");
  const slo = runs.filter(({ goal }) => goal === "slo");
  const at = (
    list: readonly RunFigures[],
    of: (run: RunFigures) => number,
    { share = QUARTER, budgetIs = "average" } = {},
  ) => list.filter((run) => run.share === share && run.budgetIs === budgetIs).map(of);
  const limit = { budgetIs: "limit" };
  const oracle = (goal: string, of: (one: OracleFigures) => number) =>
    oracles.filter((one) => one.goal === goal).map(of);
  return [
    row(
      "p99 lower",
      "at least 20",
      at(p99, (run) => run.p99),
    ),
    row(
      "· of what an oracle gets that knows the next visit",
      "at least 90",
      oracle("p99", ({ told }) => told),
    ),
    row(
      "· of the best of 8 that know all latencies too",
      null,
      oracle("p99", ({ hindsight }) => hindsight),
    ),
    row(
      "· spent on average, goal p99",
      "25",
      at(p99, (run) => run.spent),
    ),
    row(
      "SLO misses fewer",
      "at least 14",
      at(slo, (run) => run.misses),
    ),
    row(
      "· of what an oracle gets that knows the next visit, goal SLO",
      null,
      oracle("slo", ({ told }) => told),
    ),
    row(
      "· spent on average, goal SLO",
      "25",
      at(slo, (run) => run.spent),
    ),
    row(
      "p99 lower, a quarter as the limit of every hour",
      null,
      at(p99, (run) => run.p99, limit),
    ),
    row(
      "· spent then",
      null,
      at(p99, (run) => run.spent, limit),
    ),
    row(
      "SLO misses fewer, a quarter as the limit of every hour",
      null,
      at(slo, (run) => run.misses, limit),
    ),
    row(
      "· spent then, goal SLO",
      null,
      at(slo, (run) => run.spent, limit),
    ),
    row(
      "fills never used, goal p99",
      "at most 35",
      at(p99, (run) => run.unused),
    ),
    row(
      "fills never used, goal SLO",
      "at most 35",
      at(slo, (run) => run.unused),
    ),
    row(
      "fills to the far away, goal p99",
      "below 2",
      at(p99, (run) => run.toFar),
    ),
    row(
      "fills to the far away, goal SLO",
      "below 2",
      at(slo, (run) => run.toFar),
    ),
    row(
      "fills to the far away, goal SLO, budget 10 %",
      "below 2",
      at(slo, (run) => run.toFar, { share: 0.1 }),
    ),
    row("spent beyond the limit in the worst hour, all runs", "at most 2, each", runs.map((run) => run.beyond)), // prettier-ignore
    row("realised p99 in the interval, all runs", "at least 90, mean", runs.map(({ within }) => (within ? 1 : 0)), mean), // prettier-ignore
  ];
}

function predictionRows(runs: readonly RunFigures[]): Row[] {
  return GOALS.flatMap((goal) =>
    SHARES.map((share) => {
      const errors = runs
        .filter((run) => run.goal === goal && run.share === share && run.budgetIs === "average")
        .map(({ error }) => error);
      return row(`predicted p99 against realised, goal ${goal}, budget ${100 * share} %`, "within ±10", errors);
    }),
  );
}

/** All in per cent. */
function row(figure: string, target: string | null, shares: readonly number[], of = median): Row {
  const percent = (share: number) => short(100 * share);
  const spread = { least: percent(Math.min(...shares)), most: percent(Math.max(...shares)) };
  return { "figure, %": figure, target, median: percent(of(shares)), ...spread };
}

const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
