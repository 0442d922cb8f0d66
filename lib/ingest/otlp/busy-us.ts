/** A stretch of time in nanoseconds. */
export interface Stretch {
  startNs: bigint;
  endNs: bigint;
}

/** For how long of `within` at least one of the stretches was under way, microseconds. */
export function busyUs(stretches: readonly Stretch[], within: Stretch): number {
  const sorted = [...stretches].sort((a, b) => (a.startNs < b.startNs ? -1 : 1));
  let busyNs = 0n;
  let upto = within.startNs;
  for (const { startNs, endNs } of sorted) {
    const from = startNs > upto ? startNs : upto;
    const to = endNs < within.endNs ? endNs : within.endNs;
    if (to <= from) continue;
    busyNs += to - from;
    upto = to;
  }
  return usOf(busyNs);
}

/** Whole microseconds of nanoseconds, rounded. */
export const usOf = (ns: bigint): number => Math.round(Number(ns) / 1000);
