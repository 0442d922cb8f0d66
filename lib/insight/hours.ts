import { rangeText } from "../query/frame.ts";
import { type Reading } from "../query/reading.ts";

const HOUR_SECONDS = 3_600;
/** Rows of one answer: an hour of an instance is one. */
export const MOST_ROWS = 20_000;

/** The whole hours that a range touches. */
export function hoursOf({ range }: Pick<Reading, "range">) {
  const fromSeconds = Math.floor(range.fromSeconds / HOUR_SECONDS) * HOUR_SECONDS;
  const toSeconds = Math.ceil(range.toSeconds / HOUR_SECONDS) * HOUR_SECONDS;
  return {
    range: rangeText({ ...range, fromSeconds, toSeconds }),
    span: { fromMs: fromSeconds * 1_000, toMs: toSeconds * 1_000, limit: MOST_ROWS },
  };
}
