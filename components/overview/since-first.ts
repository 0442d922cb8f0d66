import type { OverviewAnswer } from "@/lib/query/answers";

type Covered = Pick<OverviewAnswer, "range" | "coveredSeconds"> & {
  series: { stepSeconds: number; points: readonly { count: number }[] };
  endpoints: readonly { trend: readonly (number | null)[] }[];
};

/** Places from which on small lines are drawn. */
export interface Firsts {
  point: number;
  trend: number;
}

/**
 * Of a service that is younger than the range, small lines begin with its first request, all at the same moment: a few
 * points at the right edge of nothing tell no course. Of an older one they have the whole range, gaps and all.
 */
export function firstsOf({ range, coveredSeconds, series, endpoints }: Covered): Firsts {
  const lengthSeconds = (Date.parse(range.to) - Date.parse(range.from)) / 1_000;
  if (coveredSeconds + series.stepSeconds >= lengthSeconds) return { point: 0, trend: 0 };
  const trends = endpoints.map(({ trend }) => trend.findIndex((value) => value !== null)).filter((place) => place >= 0);
  const point = series.points.findIndex(({ count }) => count > 0);
  return { point: Math.max(0, point), trend: trends.length === 0 ? 0 : Math.min(...trends) };
}
