/** A small, fast generator of numbers in 0…1 that gives the same ones every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const limit = (valueUs: number) => Math.max(1, Math.min(3_600_000_000, Math.round(valueUs)));

/** Latencies in microseconds as web endpoints have them, by the shape of their distribution. */
export const shapes: Record<string, (random: () => number) => number> = {
  /** Around 20 ms, p99 about 130 ms. */
  lognormal: (random) => limit(20_000 * Math.exp(0.8 * gauss(random))),
  /** Cache hits around 2 ms, one miss in ten around 300 ms. */
  bimodal: (random) => limit((random() < 0.9 ? 2_000 : 300_000) * Math.exp(0.25 * gauss(random))),
  /** From 5 ms, with a tail that has no end. */
  pareto: (random) => limit(5_000 / (1 - random()) ** (1 / 1.2)),
};

export function latencies(count: number, shape: keyof typeof shapes = "lognormal", seed = 1): number[] {
  const random = seeded(seed);
  const draw = shapes[shape]!;
  return Array.from({ length: count }, () => draw(random));
}
