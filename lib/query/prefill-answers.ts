/** What is answered about prefill. As in `answers.ts`: latencies in integer microseconds, times ISO 8601 in UTC. */
export interface PrefillSettingsAnswer {
  service: string;
  environment: string;
  /** `observe` logs decisions and fills nothing; `fill` fills; `stop` neither. */
  mode: "observe" | "fill" | "stop";
  modeSince: string;
  /** `slo`: fewest requests above the target. `p99`: the lowest p99 for the budget. */
  goal: "slo" | "p99";
  targetUs: number;
  /** `null`: a quarter of what visitors wait for computations now. */
  budgetSecondsPerHour: number | null;
  /** Share of decisions that are withheld as controls, and of users who are never filled. */
  withheldShare: number;
  holdOutShare: number;
  /** The latency that a hit is assumed to have where there is no cache yet; `null`: the endpoint's p10. */
  hitUs: number | null;
  /** Fills at once in one instance, and the p95 of the app's own requests above which they slow down (`null`: not watched). */
  concurrency: number;
  foregroundP95Us: number | null;
  changedAt: string;
  /** Who changed them last; `null`: nobody yet, or tailfill itself, with an incident. */
  changedBy: string | null;
}
