import { HIGHEST_INDEX, HIGHEST_US, indexOf, lowestAt } from "../../histogram/index.ts";
import type { Range } from "./ranges.ts";
import { shareWithin, tiltsOf, widthOf } from "./tilt.ts";

/** Receives so many samples of a bucket of our layout. */
export type AddSamples = (index: number, count: number) => void;

/** Up to so many samples are placed one by one. More go bucket by bucket; both give the same. */
const FEW = 64;

/**
 * Puts the values of ranges into our layout, and returns how many were above it. Counts are exact, and no value leaves its range. Within
 * a range the k-th of n values lies where (k − ½) / n of them would lie below; how they lie there is told in `tilt.ts`.
 */
export function spread(ranges: readonly Range[], sumUs: number | undefined, add: AddSamples): number {
  const closed = ranges.map((range) => (range.highUs === Infinity ? endOf(range, ranges, sumUs) : range));
  const tilts = tiltsOf(closed, sumUs);
  return closed.reduce((overRange, range, at) => overRange + spreadOne(range, tilts[at]!, add), 0);
}

/** Of an open range only the start is known: its values stand where the sum says that their mean is, or at the start. */
function endOf(range: Range, ranges: readonly Range[], sumUs: number | undefined): Range {
  const others = ranges.filter((one) => one !== range);
  const elsewhere = others.reduce((sum, { lowUs, highUs, count }) => sum + (count * (lowUs + highUs)) / 2, 0);
  const meanUs = sumUs === undefined ? 0 : (sumUs - elsewhere) / range.count;
  const atUs = Math.max(range.lowUs, meanUs);
  return { ...range, lowUs: atUs, highUs: atUs };
}

function spreadOne(range: Range, tilt: number, add: AddSamples): number {
  const { lowUs, highUs, count } = range;
  const width = highUs - lowUs;
  const countBelow = (us: number) =>
    us >= highUs ? count : Math.round(count * shareWithin(Math.max(0, us - lowUs) / width, tilt));
  if (width <= 0) add(bucketOf(lowUs), count);
  else if (count <= FEW)
    for (let at = 0; at < count; at++) add(bucketOf(lowUs + width * widthOf((at + 0.5) / count, tilt)), 1);
  else addByBucket(range, countBelow, add);
  return highUs <= HIGHEST_US ? 0 : count - (lowUs >= HIGHEST_US ? 0 : countBelow(HIGHEST_US));
}

function addByBucket({ lowUs, highUs, count }: Range, countBelow: (us: number) => number, add: AddSamples): void {
  const last = bucketOf(highUs);
  let added = 0;
  for (let index = bucketOf(lowUs); index <= last && added < count; index++) {
    const upto = index === last ? count : countBelow(lowestAt(index + 1));
    if (upto > added) add(index, upto - added);
    added = upto;
  }
}

const bucketOf = (us: number): number => (us >= HIGHEST_US ? HIGHEST_INDEX : indexOf(Math.floor(us)));
