import type { Observed } from "./evaluation.ts";

/** What was observed, under names that say what it is: `valueUs` of a latency, `valueShare` of a rate. */
export type Seen = Record<string, number | null>;

const NAMES: Record<Observed["unit"], [value: string, threshold: string]> = {
  us: ["valueUs", "thresholdUs"],
  share: ["valueShare", "thresholdShare"],
  requests: ["valueCount", "thresholdCount"],
  burn_rate: ["valueBurnRate", "thresholdBurnRate"],
  users: ["valueUsers", "thresholdUsers"],
  queries: ["valueQueries", "thresholdQueries"],
};

export function seenOf(observed: Observed | null): Seen | null {
  if (observed === null) return null;
  const { value, threshold, unit, count, windowSeconds, percentile, baseline } = observed;
  const [valueName, thresholdName] = NAMES[unit];
  return {
    ...(percentile === undefined ? {} : { percentile }),
    [valueName]: value,
    [thresholdName]: unit === "us" ? threshold : rounded(threshold),
    ...(baseline === undefined ? {} : { baselineCount: baseline }),
    count,
    windowSeconds,
  };
}

/** Half of 201 requests is a threshold of 100.5; six digits are enough of any. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** How bad it is: the value as a multiple of the threshold, or the other way round where less is worse. */
export function badnessOf(observed: Observed | null): number {
  if (observed === null || observed.value === null) return 0;
  const { value, threshold, baseline } = observed;
  if (baseline !== undefined && threshold < baseline) return threshold / Math.max(value, 1);
  return threshold === 0 ? 1 : value / threshold;
}
