import type { Random } from "./random.ts";

/** Zipf's law: the k-th of `count` gets a part proportional to 1/k^exponent. Returns the running sums, the last is 1. */
export function zipf(count: number, exponent: number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let k = 0; k < count; k++) sums[k] = sum += 1 / (k + 1) ** exponent;
  return sums.map((s) => s / sum);
}

/** Draws an index by running sums as `zipf` gives them. */
export function draw(sums: Float64Array, random: Random): number {
  const at = random();
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const USERS = 2_000;
export const COMMENTS = 240_000;
export const POSTS = 20_000;

/** How much a user owns: the first have tens of thousands of comments, most have a handful. */
export function ownedBy(rank: number, total: number, exponent: number, sums = zipf(USERS, exponent)): number {
  const part = rank === 0 ? sums[0]! : sums[rank]! - sums[rank - 1]!;
  return Math.max(1, Math.round(part * total));
}

/** How a person's line behaves. */
export type Line = "good" | "slow";

export interface Person {
  /** 1 = owns the most. */
  id: number;
  name: string;
  line: Line;
  /** Gives up when nothing came after this time, ms. */
  patienceMs: number;
}

const IMPATIENT_MS = 400;
const PATIENT_MS = 30_000;

/** Every ninth person has a slow line, every seventh leaves early: fixed by the id, so that a person stays who they are. */
export function person(id: number): Person {
  return {
    id,
    name: `u_${id}`,
    line: id % 9 === 4 ? "slow" : "good",
    patienceMs: id % 7 === 3 ? IMPATIENT_MS : PATIENT_MS,
  };
}
