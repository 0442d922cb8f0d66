import { indexOf } from "../../histogram/index.ts";

/** Buckets begin at 512 µs and end at 67 s; what is faster or slower is in the first and the last. */
const LOWEST_US = 2 ** 9;
const DOUBLINGS = 17;

/** An upper bound of latencies that falls between two buckets of the layout, so that what is counted below it is exact. */
export interface Edge {
  /** The highest latency that counts, as the `le` of a metric has it: seconds. */
  le: string;
  /** The last bucket of the layout that counts. */
  index: number;
}

/**
 * The edges of exposed buckets, ascending: `perDoubling` (0, 1, 2, 4) of them a doubling of latency. Each is one microsecond below a
 * multiple of a power of two, where a bucket of the layout ends.
 */
export function edgesOf(perDoubling: number): Edge[] {
  if (perDoubling === 0) return [];
  const edges: Edge[] = [];
  for (let step = 0; step <= DOUBLINGS * perDoubling; step++) {
    const octave = LOWEST_US * 2 ** Math.floor(step / perDoubling);
    const nextUs = octave + (octave / perDoubling) * (step % perDoubling);
    edges.push({ le: String((nextUs - 1) / 1e6), index: indexOf(nextUs - 1) });
  }
  return edges;
}
