/**
 * The closest to some values, by weighted squares, that never falls from one to the next: neighbours that fall are pooled into their mean until
 * none do. Values of no weight take their neighbours'.
 */
export function neverFalling(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const pools: { mean: number; weight: number; count: number }[] = [];
  for (let at = 0; at < values.length; at++) {
    let pool = { mean: values[at]!, weight: weights[at]!, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.mean >= pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const mean = weight > 0 ? (last.mean * last.weight + pool.mean * pool.weight) / weight : last.mean;
      pool = { mean, weight, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  return Float64Array.from(pools.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean)));
}
