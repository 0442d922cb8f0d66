import type { Policy, Visited } from "./play.ts";
import type { World } from "./world.ts";

/** What a stretch of the world looked like to its users. */
export interface Seen {
  requests: number;
  overTarget: number;
  p50Us: number;
  p99Us: number;
  missSeconds: number;
}

/** Remembers the raw latencies of a stretch: figures are read from those, not from histograms. */
export class Measure {
  private readonly latencies: number[] = [];
  private overTarget = 0;
  private missUs = 0;

  constructor(private readonly targetUs: number) {}

  /** The policy, measured from a time on. */
  of(policy: Policy): Policy {
    return {
      decide: (occasion) => policy.decide(occasion),
      returns: (user) => policy.returns?.(user) ?? false,
      settled: (decision, atMs, tookUs) => policy.settled?.(decision, atMs, tookUs),
      event: (event) => policy.event?.(event),
      hour: (atMs) => policy.hour?.(atMs),
      visited: (visit) => {
        this.take(visit);
        policy.visited?.(visit);
      },
    };
  }

  seen(): Seen {
    const sorted = Float64Array.from(this.latencies).sort();
    const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
    return {
      requests: sorted.length,
      overTarget: this.overTarget,
      p50Us: at(0.5),
      p99Us: at(0.99),
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

/** The most that was spent in any hour, in seconds, sliding from each spending to an hour after. */
export function mostInAnHour(spent: readonly { atMs: number; us: number }[]): number {
  const sorted = [...spent].sort((a, b) => a.atMs - b.atMs);
  let most = 0;
  let sum = 0;
  for (let first = 0, next = 0; first < sorted.length; first++) {
    while (next < sorted.length && sorted[next]!.atMs < sorted[first]!.atMs + 3_600_000) sum += sorted[next++]!.us;
    most = Math.max(most, sum);
    sum -= sorted[first]!.us;
  }
  return most / 1e6;
}

/** Users whose slowness is the network's or the payload's. */
export function isFar(world: World, user: number): boolean {
  return world.users[user]!.networkUs > 0;
}
