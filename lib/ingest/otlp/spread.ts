import { HIGHEST_INDEX, HIGHEST_US, indexOf, lowestAt } from "../../histogram/index.ts";
import type { Range } from "./ranges.ts";

/** Receives so many samples of a bucket of our layout. */
export type AddSamples = (index: number, count: number) => void;

/** The mean of a range's values is never believed to be nearer than this to its ends, as a share of its width. */
const NEAREST = 0.02;
/** Up to so many samples are placed one by one. More go bucket by bucket; both give the same. */
const FEW = 64;

/**
 * Puts the values of ranges into our layout, and returns how many were above it. Counts are exact, and no value leaves its range. Within
 * a range of width w, the k-th of n values lies at ((k − ½) / n)^γ · w, and γ is the one for which all values together add up to
 * `sumUs`, the sum that was told: γ = 1, evenly, without one.
 */
export function spread(ranges: readonly Range[], sumUs: number | undefined, add: AddSamples): number {
  const closed = ranges.map((range) => (range.highUs === Infinity ? endOf(range, ranges, sumUs) : range));
  const power = powerOf(closed, sumUs);
  let overRange = 0;
  for (const range of closed) overRange += spreadOne(range, power, add);
  return overRange;
}

/** Of an open range only the start is known: its values stand where the sum says that their mean is, or at the start. */
function endOf(range: Range, ranges: readonly Range[], sumUs: number | undefined): Range {
  const others = ranges.filter((one) => one !== range);
  const elsewhere = others.reduce((sum, { lowUs, highUs, count }) => sum + (count * (lowUs + highUs)) / 2, 0);
  const meanUs = sumUs === undefined ? 0 : (sumUs - elsewhere) / range.count;
  const atUs = Math.max(range.lowUs, meanUs);
  return { ...range, lowUs: atUs, highUs: atUs };
}

function powerOf(ranges: readonly Range[], sumUs: number | undefined): number {
  let lowest = 0;
  let width = 0;
  for (const { lowUs, highUs, count } of ranges) {
    lowest += count * lowUs;
    width += count * (highUs - lowUs);
  }
  if (sumUs === undefined || width <= 0) return 1;
  const mean = Math.min(1 - NEAREST, Math.max(NEAREST, (sumUs - lowest) / width));
  return 1 / mean - 1;
}

function spreadOne(range: Range, power: number, add: AddSamples): number {
  const { lowUs, highUs, count } = range;
  const shareBelow = (us: number) => Math.min(1, Math.max(0, (us - lowUs) / (highUs - lowUs))) ** (1 / power);
  const countBelow = (us: number) => (us > highUs || highUs <= lowUs ? count : Math.round(count * shareBelow(us)));
  if (highUs <= lowUs || count <= FEW) addEach(range, power, add);
  else {
    let added = 0;
    const last = bucketOf(highUs);
    for (let index = bucketOf(lowUs); index <= last && added < count; index++) {
      const upto = index === last ? count : countBelow(lowestAt(index + 1));
      if (upto > added) add(index, upto - added);
      added = upto;
    }
  }
  return highUs > HIGHEST_US ? count - (lowUs >= HIGHEST_US ? 0 : countBelow(HIGHEST_US)) : 0;
}

function addEach({ lowUs, highUs, count }: Range, power: number, add: AddSamples): void {
  if (highUs <= lowUs) return add(bucketOf(lowUs), count);
  for (let at = 0; at < count; at++) add(bucketOf(lowUs + (highUs - lowUs) * ((at + 0.5) / count) ** power), 1);
}

const bucketOf = (us: number): number => (us >= HIGHEST_US ? HIGHEST_INDEX : indexOf(Math.floor(us)));
