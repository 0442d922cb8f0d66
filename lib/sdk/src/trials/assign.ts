import type { Strategy } from "../../../loading/index.ts";

/** A number in 0…1 for a request and a trial: the same each time, and of another trial as good as any. */
export function chanceOf(request: number, trial: string): number {
  let hash = 0x811c9dc5 ^ request;
  for (let at = 0; at < trial.length; at++) hash = Math.imul(hash ^ trial.charCodeAt(at), 0x01000193);
  // The last bits of a sum of products know little of the first: mixed until each depends on all.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** What a request gets: either by the same chance, or the one that is settled, but for a share that goes on exploring. */
export function assign(chance: number, settled: Strategy | undefined, explore: number): Strategy {
  if (settled === undefined) return chance < 0.5 ? "join" : "query";
  return chance < explore ? otherThan(settled) : settled;
}

export function otherThan(strategy: Strategy): Strategy {
  return strategy === "join" ? "query" : "join";
}
