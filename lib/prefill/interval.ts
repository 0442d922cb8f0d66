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
 * visits of one user resemble each other. Each replicate's shares get one hit and one miss more, which keeps the interval honest when
 * visits are few or all alike. Null when an arm has no visit.
 */
export function differenceOf(users: readonly UserVisits[], random: Random): Interval | null {
  const all = summed(users, () => 1);
  if (all.filled === 0 || all.withheld === 0) return null;
  const clusters = grouped(users);
  const replicates = Float64Array.from({ length: REPLICATES }, () =>
    softDifference(summed(clusters, () => poissonOne(random))),
  ).sort();
  return {
    estimate: all.withheldOver / all.withheld - all.filledOver / all.filled,
    low: quantile(replicates, 0.025),
    high: quantile(replicates, 0.975),
  };
}

/** The value below which a share of sorted values lies, between neighbours in proportion. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return sorted[low]! + (at - low) * (next - sorted[low]!);
}

function softDifference({ filled, filledOver, withheld, withheldOver }: UserVisits): number {
  return (withheldOver + 1) / (withheld + 2) - (filledOver + 1) / (filled + 2);
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
