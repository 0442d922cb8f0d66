import { poissonOne, type Random } from "./random.ts";

/** A 95 % interval around an estimate. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/** First visits of one user by arm: how many there were, and how many were above the target. */
export interface UserVisits {
  filled: number;
  filledOver: number;
  withheld: number;
  withheldOver: number;
}

const REPLICATES = 1_000;
/** Beyond so many users, they are resampled in groups. */
const MOST_CLUSTERS = 4_096;

/**
 * How much more often withheld first visits were above the target than filled ones, with its interval: a bootstrap over users, since
 * visits of one user resemble each other; and at least as wide as Newcombe's, since a bootstrap of visits that were all alike knows of no
 * others. Null when an arm has no visit.
 */
export function differenceOf(users: readonly UserVisits[], random: Random): Interval | null {
  const all = summed(users, () => 1);
  if (all.filled === 0 || all.withheld === 0) return null;
  const clusters = grouped(users);
  const replicates = Float64Array.from({ length: REPLICATES }, () => {
    const drawn = summed(clusters, () => poissonOne(random));
    return drawn.filled === 0 || drawn.withheld === 0 ? shareDifference(all) : shareDifference(drawn);
  }).sort();
  const alone = newcombe(all);
  return {
    estimate: shareDifference(all),
    low: Math.min(alone.low, quantile(replicates, 0.025)),
    high: Math.max(alone.high, quantile(replicates, 0.975)),
  };
}

/**
 * The interval of a difference of two shares of independent visits, from the Wilson limits of each (Newcombe 1998, method 10): it holds
 * the difference, and keeps its level when shares are 0 or 1 and arms of different size.
 */
function newcombe(visits: UserVisits): { low: number; high: number } {
  const difference = shareDifference(visits);
  const [withheld, filled] = [visits.withheldOver / visits.withheld, visits.filledOver / visits.filled];
  const own = wilson(withheld, visits.withheld);
  const other = wilson(filled, visits.filled);
  return {
    low: difference - Math.hypot(withheld - own.low, other.high - filled),
    high: difference + Math.hypot(own.high - withheld, filled - other.low),
  };
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959_963_984_540_054;

/** Wilson's 95 % limits of a share that was seen among so many. */
function wilson(share: number, count: number): { low: number; high: number } {
  const middle = share + (Z * Z) / (2 * count);
  const reach = Z * Math.sqrt((share * (1 - share)) / count + (Z / (2 * count)) ** 2);
  const whole = 1 + (Z * Z) / count;
  return { low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) };
}

/** The value below which a share of sorted values lies, between neighbours in proportion. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return sorted[low]! + (at - low) * (next - sorted[low]!);
}

function shareDifference({ filled, filledOver, withheld, withheldOver }: UserVisits): number {
  return withheldOver / withheld - filledOver / filled;
}

function grouped(users: readonly UserVisits[]): readonly UserVisits[] {
  if (users.length <= MOST_CLUSTERS) return users;
  return Array.from({ length: MOST_CLUSTERS }, (_, group) =>
    summed(
      users.filter((_user, at) => at % MOST_CLUSTERS === group),
      () => 1,
    ),
  );
}

function summed(users: readonly UserVisits[], weightOf: () => number): UserVisits {
  const sum = { filled: 0, filledOver: 0, withheld: 0, withheldOver: 0 };
  for (const user of users) {
    const weight = weightOf();
    if (weight === 0) continue;
    sum.filled += weight * user.filled;
    sum.filledOver += weight * user.filledOver;
    sum.withheld += weight * user.withheld;
    sum.withheldOver += weight * user.withheldOver;
  }
  return sum;
}
