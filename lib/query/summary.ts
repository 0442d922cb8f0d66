import { isThin, timeBeyondUs } from "../histogram/index.ts";
import type { LatencyPoint, LatencySeries, Outcomes, PercentilesUs, Point, Series, Summary } from "./answers.ts";
import type { StepTallies, Tally } from "./tally.ts";
import { isoOf } from "./time.ts";

export const NO_OUTCOMES: Outcomes = { ok: 0, client_error: 0, server_error: 0, aborted: 0 };

/** `p99.9` → `p99.9Us`. */
const keyOf = (q: number): `p${number}Us` => `p${q}Us`;

export function percentilesOf(tally: Tally, qs: readonly number[]): PercentilesUs {
  const values = tally.percentiles(qs);
  return Object.fromEntries(qs.map((q, at) => [keyOf(q), values[at]!])) as PercentilesUs;
}

const noPercentiles = (qs: readonly number[]): PercentilesUs =>
  Object.fromEntries(qs.map((q) => [keyOf(q), null])) as PercentilesUs;

/** Names of the percentiles that rest on too few of `n` samples. */
export function thinOf(n: number, qs: readonly number[]): string[] {
  return qs.filter((q) => isThin(n, q)).map((q) => `p${q}`);
}

/** Everything about some samples but their outcomes and cost. */
export function latencySummary(tally: Tally, qs: readonly number[]): Omit<Summary, "outcomes" | "tailCostUs"> {
  const { count, maxUs } = tally;
  return { count, percentiles: percentilesOf(tally, qs), maxUs, thin: thinOf(count, qs) };
}

/** `tailCostUs` is given where it is not the tally's own: for a service it is the sum over its endpoints. */
export function summaryOf(tally: Tally, qs: readonly number[], tailCostUs = tailCostOf(tally)): Summary {
  return { ...latencySummary(tally, qs), outcomes: tally.outcomes, tailCostUs };
}

/** Time that requests spent beyond the median, summed, µs. */
export function tailCostOf(tally: Tally): number {
  const p50Us = tally.percentile(50);
  return p50Us === null ? 0 : Math.round(timeBeyondUs(tally.counts, p50Us));
}

/** Time that samples took, summed, µs. */
export const totalUsOf = ({ counts }: Pick<Tally, "counts">): number => timeBeyondUs(counts, 0);

export function seriesOf(tallies: StepTallies, qs: readonly number[]): Series {
  const points = tallies.map((tally, at): Point => ({
    ...latencyPoint(tally, at, qs),
    outcomes: tally?.outcomes ?? { ...NO_OUTCOMES },
  }));
  return { stepSeconds: tallies.steps.stepSeconds, points };
}

export function latencySeriesOf(tallies: StepTallies, qs: readonly number[]): LatencySeries {
  return {
    stepSeconds: tallies.steps.stepSeconds,
    points: tallies.map((tally, at) => latencyPoint(tally, at, qs)),
  };
}

function latencyPoint(tally: Tally | undefined, atSeconds: number, qs: readonly number[]): LatencyPoint {
  return {
    at: isoOf(atSeconds),
    count: tally?.count ?? 0,
    ...(tally === undefined ? noPercentiles(qs) : percentilesOf(tally, qs)),
  };
}
