import type { Policy, Visited } from "./play.ts";

/** What a stretch of the world looked like to its users. */
export interface Seen {
  requests: number;
  overTarget: number;
  p99Us: number;
  /** Seconds that visitors waited for computations. */
  missSeconds: number;
}

/** Remembers the raw latencies of a stretch: figures are read from those, not from histograms. */
export class Measure {
  private readonly latencies: number[] = [];
  private overTarget = 0;
  private missUs = 0;

  constructor(private readonly targetUs: number) {}

  /** The policy, measured. */
  of(policy: Policy): Policy {
    return {
      decide: (occasion) => policy.decide(occasion),
      returns: (user) => policy.returns?.(user) ?? false,
      clock: (hour) => policy.clock?.(hour) ?? [],
      settled: (fill) => policy.settled?.(fill),
      event: (event) => policy.event?.(event),
      plans: (atMs) => policy.plans?.(atMs),
      visited: (visit) => {
        this.take(visit);
        policy.visited?.(visit);
      },
    };
  }

  seen(): Seen {
    const sorted = Float64Array.from(this.latencies).sort();
    return {
      requests: sorted.length,
      overTarget: this.overTarget,
      p99Us: sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? 0,
      missSeconds: this.missUs / 1e6,
    };
  }

  private take({ latencyUs, computedUs }: Visited): void {
    this.latencies.push(latencyUs);
    if (latencyUs > this.targetUs) this.overTarget++;
    this.missUs += computedUs;
  }
}

/** Nobody is ever filled. */
export const NOTHING: Policy = { decide: () => null };
