/**
 * What a fill is worth. `x` is the target, in microseconds; M and H are a user's latencies when the cache misses and hits.
 */

/** Pseudo-counts by which a user's hits are shrunk towards the definition's. */
export const HIT_PSEUDO_COUNTS = 3;

/** Δ(x) = max(0, P[M > x] − P[H > x]): a user who is slow on hits too, by network or payload, excludes themselves. */
export function deltaOf(missTail: number, hitTail: number): number {
  return Math.max(0, missTail - hitTail);
}

/** v = p · a · Δ(x) / c: misses of the target avoided per second of work. */
export function valueOf(use: number, inTime: number, delta: number, costUs: number): number {
  return (use * inTime * delta * 1e6) / Math.max(costUs, 1);
}

/** A share of few samples, drawn towards a prior share as if that had been seen in `pseudo` more of them. */
export function shrunk(count: number, of: number, prior: number, pseudo: number): number {
  return (count + pseudo * prior) / (of + pseudo);
}
