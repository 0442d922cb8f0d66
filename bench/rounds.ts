/** A line of a bench's table. */
export type Row = Record<string, string | number | null>;

/** Work to be compared, by name. Each call does the whole of it and returns what it cost. */
export type Contenders = Record<string, () => number>;

/**
 * Runs the contenders in alternating, shuffled rounds and returns the median cost of each. Before each measured run, the
 * others' garbage is collected and the contender run once without measuring: V8 throws optimised code away when a
 * collection takes the last of the objects that it was made for, and without that run a bench measures the compiler.
 */
export function medians(contenders: Contenders, rounds = 7): Record<string, number> {
  const costs = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(Object.keys(contenders))) {
      collect();
      contenders[name]!();
      costs.get(name)!.push(contenders[name]!());
    }
  }
  return Object.fromEntries([...costs].map(([name, list]) => [name, median(list)]));
}

/** The CPU time of some work, all threads of this process, in nanoseconds. */
export function cpuNs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Collects garbage now, so that no contender pays for another's. */
export function collect(): void {
  globalThis.gc?.();
}

/** Rounds for a table. */
export function short(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

export function shuffled<T>(list: T[]): T[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}
