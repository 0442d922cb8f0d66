/** A percentile's name as the answers write it: 99.9 → "p99.9". */
export function percentileName(q: number): string {
  return `p${q}`;
}

/** Above how many samples a percentile says something: n·(1−q) must reach 1; the maximum needs one. */
export function samplesWanted(q: number): number {
  return q >= 100 ? 1 : Math.ceil(1 / (1 - q / 100) - 1e-9);
}

/** With fewer than this part of the samples that a percentile wants, it is the maximum and says nothing of its own. */
const TOO_FEW = 0.25;

/** Whether so few samples carry a percentile that it would only repeat the maximum: then "too few" is said in its place. */
export const isTooFew = (q: number, n: number): boolean => n < samplesWanted(q) * TOO_FEW;

/** The ramp's colours and where they stand: at the tenfold rarity of p50, p95, p99 and p99.9. */
const RAMP = [
  [Math.log10(2), "var(--p50)"],
  [Math.log10(20), "var(--p95)"],
  [2, "var(--p99)"],
  [3, "var(--p999)"],
] as const;

/** A percentile's colour on the ramp from p50 to p99.9, everywhere the same; others lie between their neighbours. */
export function percentileColour(q: number): string {
  const place = q >= 100 ? 3 : Math.log10(1 / (1 - q / 100));
  const upper = RAMP.findIndex(([at]) => place <= at + 1e-9);
  if (upper < 0) return RAMP[3][1];
  if (upper === 0) return RAMP[0][1];
  const [from, lighter] = RAMP[upper - 1]!;
  const [to, deeper] = RAMP[upper]!;
  const part = Math.round(((place - from) / (to - from)) * 100);
  return part >= 99 ? deeper : `color-mix(in oklch, ${deeper} ${part}%, ${lighter})`;
}
