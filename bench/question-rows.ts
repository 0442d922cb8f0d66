import type { Db } from "../lib/store/db.ts";
import { median, type Row, short } from "./rounds.ts";

const ROUNDS = 15;
const WARM_UP = 4;
/** 37 minutes and 24 seconds past an hour: no edge of the ranges is a whole window. */
export const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000 + 37 * 60_000 + 24_000;

export type Ask = (nowMs: number) => Promise<unknown>;

/** The same database for somebody who has kept nothing of it. */
export const anew = (db: Db): Db => Object.create(db) as Db;

/** Asks as an open page does: every ten seconds, for a range that ends then. */
export async function measureQuestion(question: string, target: number | null, ask: Ask): Promise<Row> {
  const times: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const started = performance.now();
    const before = process.cpuUsage();
    await ask(NOW - (WARM_UP + ROUNDS - 1 - round) * 10_000);
    if (round < WARM_UP) continue;
    times.push(performance.now() - started);
    const { user: own, system } = process.cpuUsage(before);
    cpus.push((own + system) / 1_000);
  }
  times.sort((a, b) => a - b);
  return {
    question,
    "median ms": short(median(times)),
    "least ms": short(times[0]!),
    "most ms": short(times.at(-1)!),
    // What a busy machine does not blur as much; without the database's part.
    "CPU ms of this process": short(median(cpus)),
    "target ms": target,
  };
}
