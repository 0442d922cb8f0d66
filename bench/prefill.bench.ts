import { figuresOf, type RunFigures, type SeedFigures } from "./prefill/figures.ts";
import { Trained } from "./prefill/runs.ts";
import { median, type Row, short } from "./rounds.ts";

const SEEDS = 20;
/** Budgets, as parts of what visitors wait for computations. */
const SHARES = [0.1, 0.25, 0.5, 1, 2, 4];

/** What prefill brings in a made-up world that is known to the last request, over seeds; see bench/README.md. */
export default async function bench(): Promise<Row[]> {
  const seeds: SeedFigures[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const figures = await figuresOf(await Trained.of(seed), SHARES);
    seeds.push(figures);
    console.log(JSON.stringify(figures));
  }
  return [...rowsOf(seeds), ...predictionRows(seeds)];
}

function rowsOf(seeds: readonly SeedFigures[]): Row[] {
  const runs = seeds.flatMap((seed) => seed.runs);
  const quarter = (goal: string) => runs.filter((run) => run.goal === goal && run.share === 0.25);
  const of = (list: readonly RunFigures[], key: "unused" | "toFar" | "beyond") => list.map((run) => run[key]);
  return [
    row("p99 lower, %", seeds.map(({ p99 }) => p99), "at least 20"), // prettier-ignore
    row("of what the oracle reaches, %", seeds.map(({ p99OfOracle }) => p99OfOracle), "at least 90"), // prettier-ignore
    row("SLO misses fewer, %", seeds.map(({ misses }) => misses), "at least 14"), // prettier-ignore
    row("of what the oracle reaches, %", seeds.map(({ missesOfOracle }) => missesOfOracle), null), // prettier-ignore
    row("fills never used, goal p99, %", of(quarter("p99"), "unused"), "at most 35"),
    row("fills never used, goal SLO, %", of(quarter("slo"), "unused"), "at most 35"),
    row("fills to the far away, all budgets, %", of(runs, "toFar"), "below 2"),
    row("spent beyond the budget in the worst hour, all budgets, %", of(runs, "beyond"), "at most 2, each"),
    row("realised within the interval, all budgets, %", runs.map(({ within }) => (within ? 1 : 0)), "at least 90", mean), // prettier-ignore
  ];
}

function predictionRows(seeds: readonly SeedFigures[]): Row[] {
  const runs = seeds.flatMap((seed) => seed.runs);
  return ["p99", "slo"].flatMap((goal) =>
    SHARES.map((share) => {
      const errors = runs.filter((run) => run.goal === goal && run.share === share).map(({ error }) => error);
      return row(`predicted p99 against realised, goal ${goal}, ${100 * share} %, %`, errors, "±10");
    }),
  );
}

function row(figure: string, shares: readonly number[], target: string | null, of = median): Row {
  const percent = (share: number) => short(100 * share);
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  return { figure, target, [of === median ? "median" : "all"]: percent(of(shares)), least, most };
}

const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
