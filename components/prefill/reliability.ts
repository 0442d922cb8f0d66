import type { ReliabilityBin } from "@/lib/query/prefill-answers";

/** A bin as it is drawn: shares from 0 to 1. */
export interface ReliabilityDot {
  said: number;
  seen: number;
  low: number;
  high: number;
  decisions: number;
}

/** Wilson's 95 % interval of a share. */
export function wilson(part: number, of: number): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const z2 = 1.96 ** 2;
  const share = part / of;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (1.96 * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of))) / (1 + z2 / of);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Bins with a decision in them. How wide their intervals are depends on what was logged, not on what that stands for. */
export function dotsOf(bins: readonly ReliabilityBin[]): ReliabilityDot[] {
  return bins
    .filter(({ logged }) => logged > 0)
    .map(({ said, visited, decisions, logged }) => {
      const seen = visited / decisions;
      return { said, seen, decisions: logged, ...wilson(seen * logged, logged) };
    });
}

/** Fewer decisions than this say nothing of the forecast. */
const ENOUGH = 50;

/** What the bins say together, in a sentence. */
export function reliabilityWords(bins: readonly ReliabilityBin[]): string {
  const sum = (of: (bin: ReliabilityBin) => number) => bins.reduce((total, bin) => total + of(bin), 0);
  if (sum(({ logged }) => logged) < ENOUGH) return "Too few decisions yet to tell whether the chances come true.";
  const decisions = sum((bin) => bin.decisions);
  const error = sum((bin) => Math.abs(bin.said * bin.decisions - bin.visited)) / decisions;
  if (error < 0.05) return "The chances come true: what is said and what is seen differ by less than 5 points.";
  const bias = sum((bin) => bin.said * bin.decisions - bin.visited) / decisions;
  const way = bias > 0 ? "fewer visits came than were expected" : "more visits came than were expected";
  return `The chances are off by ${(error * 100).toFixed(0)} points on average: ${way}. The next plans correct for it.`;
}
