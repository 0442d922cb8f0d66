import type { EndpointRow, Range } from "@/lib/query/answers";

/** Hours in a range, never nothing. */
export const hoursOf = (range: Range): number =>
  Math.max(1 / 3_600, (Date.parse(range.to) - Date.parse(range.from)) / 3_600_000);

/** Time lost in an endpoint's tail, µs for each hour of the range. */
export const lostPerHourUs = (row: Pick<EndpointRow, "tailCostUs">, range: Range): number =>
  row.tailCostUs / hoursOf(range);

export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
