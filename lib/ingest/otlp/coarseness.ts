import type { Range } from "./ranges.ts";

/** How far off a percentile may be that was read from buckets. */
export interface Coarseness {
  /** For a percentile within the bounds below: what was reported and what is true differ by at most this, in percent of the smaller. */
  errorPercent: number;
  /** No such bound holds below: the first bucket begins at zero. */
  aboveUs: number;
  /** Nor above: the last bucket has no end. `Infinity` when it was not used. */
  belowUs: number;
}

export const EXACT: Coarseness = { errorPercent: 0, aboveUs: 0, belowUs: Infinity };

/** Our own buckets are 1/128 of their values wide at most. */
const OWN = 1 + 1 / 128;
/** Up to here, in percent, buckets are as good as our own: nothing is said of them. */
const AS_GOOD = 2;

export function coarsenessOf(ranges: readonly Range[]): Coarseness {
  return ranges.reduce((coarse, range) => coarsest(coarse, coarsenessOfOne(range)), EXACT);
}

function coarsenessOfOne({ lowUs, highUs, isFirst, isLast }: Range): Coarseness {
  if (isFirst) return { ...EXACT, aboveUs: highUs };
  if (isLast) return { ...EXACT, belowUs: lowUs };
  return { ...EXACT, errorPercent: ((highUs / lowUs) * OWN - 1) * 100 };
}

export function coarsest(a: Coarseness, b: Coarseness): Coarseness {
  return {
    errorPercent: Math.max(a.errorPercent, b.errorPercent),
    aboveUs: Math.max(a.aboveUs, b.aboveUs),
    belowUs: Math.min(a.belowUs, b.belowUs),
  };
}

export const isCoarse = ({ errorPercent }: Coarseness): boolean => errorPercent > AS_GOOD;
