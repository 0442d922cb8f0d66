import { Float64Histogram } from "hdr-histogram-js";
import { type Counts, HIGHEST_US, SIGNIFICANT_DIGITS } from "./layout.ts";

/** For servers only: what hdr-histogram-js makes of our counts. It never sees bytes, only counts that we decoded. */

/** A point of a distribution on the classic percentile axis, on which p90, p99 and p99.9 are the same step apart. */
export interface AxisPoint {
  /** 0…100. */
  percentile: number;
  valueUs: number;
  /** Samples up to this value. */
  count: number;
  /** 1/(1 − q): 10 at p90, 100 at p99. `null` for p100, which has no place on the axis. */
  axis: number | null;
}

/** Points for each halving of the distance to 100 %. */
const TICKS_PER_HALF_DISTANCE = 5;

/** The distribution by percentile, from p0 to p100. Empty without samples. */
export function percentileAxis(counts: Counts, ticksPerHalfDistance = TICKS_PER_HALF_DISTANCE): AxisPoint[] {
  const iterator = peerOf(counts).percentileIterator;
  iterator.reset(ticksPerHalfDistance);
  const points: AxisPoint[] = [];
  while (iterator.hasNext()) {
    const { percentileLevelIteratedTo: percentile, valueIteratedTo, totalCountToThisValue } = iterator.next();
    const axis = percentile < 100 ? 1 / (1 - percentile / 100) : null;
    points.push({ percentile, valueUs: valueIteratedTo, count: totalCountToThisValue, axis });
  }
  return points;
}

/**
 * The distribution as a `.hgrm` text, which HdrHistogram's plotters read. Values are in microseconds, divided by
 * `unitUs`: 1000 for milliseconds.
 */
export function hgrmText(counts: Counts, unitUs = 1): string {
  return peerOf(counts).outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, unitUs);
}

function peerOf(counts: Counts): Float64Histogram {
  const histogram = new Float64Histogram(1, HIGHEST_US, SIGNIFICANT_DIGITS);
  for (let index = 0; index < counts.length; index++) histogram.setCountAtIndex(index, counts[index]!);
  histogram.establishInternalTackingValues();
  return histogram;
}
