import { neverFalling } from "./isotonic.ts";
import { type Followed, useOfUser } from "./signals.ts";

/** A chance as it was reckoned, put right by how often such chances came true. */
export type Calibration = (chance: number) => number;

export const AS_RECKONED: Calibration = (chance) => chance;

const BINS = 20;
/** Each part of the chances is held for right as if that had been seen so many times. */
const PSEUDO_COUNTS = 20;

/**
 * How users' own chances of a visit after a signal are to be put right. Each signal is predicted by what was seen of its user without it, and
 * compared with whether a visit followed; what is learned from that never ranks a higher chance below a lower one.
 */
export function calibrationOf(users: Iterable<Followed>, prior: number): Calibration {
  const seen = new Float64Array(BINS).fill(PSEUDO_COUNTS);
  const followed = seen.map((count, bin) => count * middleOf(bin));
  const tell = (chance: number, count: number, came: boolean) => {
    if (count === 0) return;
    seen[binOf(chance)]! += count;
    if (came) followed[binOf(chance)]! += count;
  };
  for (const own of users) {
    tell(useOfUser({ seen: own.seen - 1, followed: own.followed - 1 }, prior), own.followed, true);
    tell(useOfUser({ seen: own.seen - 1, followed: own.followed }, prior), own.seen - own.followed, false);
  }
  const right = neverFalling(
    followed.map((count, bin) => count / seen[bin]!),
    seen,
  );
  return (chance) => between(right, chance);
}

const binOf = (chance: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(chance * BINS)));
const middleOf = (bin: number): number => (bin + 0.5) / BINS;

/** Between the middles of bins in proportion, so that nearly equal chances stay nearly equal; 0 stays 0, and 1 stays 1. */
function between(right: Float64Array, chance: number): number {
  const place = chance * BINS - 0.5;
  const low = Math.floor(place);
  const from = low < 0 ? 0 : right[low]!;
  const to = low + 1 >= BINS ? 1 : right[low + 1]!;
  const start = low < 0 ? 0 : middleOf(low);
  const end = low + 1 >= BINS ? 1 : middleOf(low + 1);
  return from + ((chance - start) / (end - start)) * (to - from);
}
