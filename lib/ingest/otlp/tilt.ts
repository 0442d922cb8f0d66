import type { Range } from "./ranges.ts";

/**
 * How values lie within a range: their density grows by the factor e^tilt from its start to its end. 0: they lie evenly.
 * Steeper than this, nearly all of them lie at one end.
 */
const STEEPEST = 30;
/** From neighbours alone no steeper one is read: a range with few values may stand beside one with many by chance. */
const STEEPEST_BESIDE = 8;
/** Halvings of the stretch in which the common tilt is looked for: enough for one part in a million. */
const HALVINGS = 30;
/** Of so many ranges each is narrow, and the sum says nothing of where in them values lie. */
const MANY = 40;
/** So near to even that the formulas lose their digits. */
const EVEN = 1e-6;

/** The mean of values that lie so, as a share of the width. */
export const meanShare = (tilt: number): number => (Math.abs(tilt) < EVEN ? 0.5 : 1 / -Math.expm1(-tilt) - 1 / tilt);

/** Which share of the width the lowest `share` of the values take. */
export const widthOf = (share: number, tilt: number): number =>
  Math.abs(tilt) < EVEN ? share : Math.log1p(share * Math.expm1(tilt)) / tilt;

/** Which share of the values lies in the lowest `width` of the width. */
export const shareWithin = (width: number, tilt: number): number =>
  Math.abs(tilt) < EVEN ? width : Math.expm1(tilt * width) / Math.expm1(tilt);

/**
 * The tilt of each range: as the densities beside it grow or fall, and then all of them alike by as much as it takes that all values
 * together add up to `sumUs`, when that is known. A sum that no values in these ranges have is come as near to as they can.
 */
export function tiltsOf(ranges: readonly Range[], sumUs: number | undefined): number[] {
  const beside = ranges.map((_, at) => tiltBeside(ranges, at));
  if (sumUs === undefined || ranges.length > MANY) return beside;
  const tilted = (by: number) => beside.map((tilt) => Math.max(-STEEPEST, Math.min(STEEPEST, tilt + by)));
  const sumAt = (by: number) =>
    tilted(by).reduce((sum, tilt, at) => {
      const { lowUs, highUs, count } = ranges[at]!;
      return sum + count * (lowUs + (highUs - lowUs) * meanShare(tilt));
    }, 0);
  let [low, high] = [-2 * STEEPEST, 2 * STEEPEST];
  for (let time = 0; time < HALVINGS; time++) {
    const middle = (low + high) / 2;
    if (sumAt(middle) < sumUs) low = middle;
    else high = middle;
  }
  return tilted((low + high) / 2);
}

function tiltBeside(ranges: readonly Range[], at: number): number {
  const own = ranges[at]!;
  const before = ranges[at - 1] ?? own;
  const after = ranges[at + 1] ?? own;
  const apart = middleOf(after) - middleOf(before);
  const densities = densityOf(after) / densityOf(before);
  if (!(apart > 0) || !Number.isFinite(densities) || densities <= 0) return 0;
  const tilt = (Math.log(densities) / apart) * (own.highUs - own.lowUs);
  return Math.max(-STEEPEST_BESIDE, Math.min(STEEPEST_BESIDE, tilt));
}

const middleOf = ({ lowUs, highUs }: Range): number => (lowUs + highUs) / 2;
const densityOf = ({ lowUs, highUs, count }: Range): number => count / (highUs - lowUs);
