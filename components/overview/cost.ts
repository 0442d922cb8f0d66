import type { AnswerFrame, EndpointRow, Summary } from "@/lib/query/answers";

type Covered = Pick<AnswerFrame, "coveredSeconds">;

/** Requests a second while they were counted; `null` when they never were. */
export const rateOf = ({ count }: Pick<Summary, "count">, { coveredSeconds }: Covered): number | null =>
  coveredSeconds === 0 ? null : count / coveredSeconds;

/** Time lost in an endpoint's tail, µs for each hour that was counted; `null` when none was. */
export const lostPerHourUs = ({ tailCostUs }: Pick<EndpointRow, "tailCostUs">, { coveredSeconds }: Covered) =>
  coveredSeconds === 0 ? null : (tailCostUs / coveredSeconds) * 3_600;

export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
