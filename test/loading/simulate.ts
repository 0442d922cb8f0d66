import {
  addSample,
  analyseTrial,
  sizeOf,
  type Strategy,
  type TrialCells,
  type TrialVerdict,
} from "@/lib/loading/index";

/** Numbers in 0…1 from a seed, by mulberry32: the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export type Draw = (random: () => number) => number;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Durations in µs, as call sites have them. */
export const DRAWS: Record<string, Draw> = {
  "a long tail": (random) => 5_000 * Math.exp(0.7 * normal(random)),
  "two humps": (random) => (random() < 0.9 ? 2_000 : 60_000) * Math.exp(0.2 * normal(random)),
  "few values": (random) => (random() < 0.7 ? 100 : 101),
};

export interface Simulated {
  /** The first verdict that was no "no difference yet", and after how many requests; null where there was none. */
  verdict: Exclude<TrialVerdict, "no_difference_yet"> | null;
  requests: number;
}

/** A trial that is looked at after every `every` requests, and stopped at the first verdict. `factor` slows one strategy down. */
export function simulate(
  draw: Draw,
  random: () => number,
  { most, every, factor = { join: 1, query: 1 } }: { most: number; every: number; factor?: Record<Strategy, number> },
): Simulated {
  const cells: TrialCells = [];
  for (let requests = 1; requests <= most; requests++) {
    const assigned: Strategy = random() < 0.5 ? "join" : "query";
    const durationUs = draw(random) * factor[assigned];
    const about = { databaseUs: durationUs, statements: 1, records: 10, failed: false };
    addSample(cells, { assigned, ran: assigned, size: sizeOf(10), durationUs, ...about });
    if (requests % every !== 0) continue;
    const { verdict } = analyseTrial(cells);
    if (verdict !== "no_difference_yet") return { verdict, requests };
  }
  return { verdict: null, requests: most };
}
