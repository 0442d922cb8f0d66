import type { Thresholds } from "./thresholds.ts";

/**
 * A few samples say little about what lies above a latency between them: each stands for a stretch around it. Tails are averaged
 * over neighbouring thresholds, weighted by a bell of a given width in the logarithm of the latency.
 */
export interface Smoothing {
  /** The bell's standard deviation, as a logarithm: 0.2 is about 20 %. */
  width: number;
  /** By threshold: the first threshold that is averaged over, and the weights from there on. */
  from: Int32Array;
  weights: Float64Array[];
}

/** Weights beyond so many widths are left out. */
const REACH = 3;

export function smoothing({ us }: Thresholds, width: number): Smoothing {
  const places = Float64Array.from(us, Math.log);
  const from = new Int32Array(us.length);
  const weights = Array.from(places, (center, step) => {
    const near = [...places.keys()].filter((at) => Math.abs(places[at]! - center) <= REACH * width || at === step);
    from[step] = near[0]!;
    return weightsOf(
      near.map((at) => places[at]!),
      center,
      width,
    );
  });
  return { width, from, weights };
}

/** Each place gets the part of the bell that lies nearer to it than to its neighbours. */
function weightsOf(places: readonly number[], center: number, width: number): Float64Array {
  const upTo = places.map((place, at) =>
    at === places.length - 1 ? 1 : bellBelow(((place + places[at + 1]!) / 2 - center) / width),
  );
  return Float64Array.from(upTo, (sum, at) => sum - (at === 0 ? 0 : upTo[at - 1]!));
}

/** The smoothed tail at a threshold; tails begin at `at`. */
export function smoothed({ from, weights }: Smoothing, tails: ArrayLike<number>, at: number, step: number): number {
  const row = weights[step]!;
  const first = at + from[step]!;
  let sum = 0;
  for (let place = 0; place < row.length; place++) sum += row[place]! * tails[first + place]!;
  return sum;
}

/** The part of a normal distribution below z, within 1e-7 (Zelen and Severo's approximation, Abramowitz and Stegun 26.2.17). */
export function bellBelow(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const series =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - above : above;
}
