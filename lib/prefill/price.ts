/** How strongly the price answers to spending that is known well. At 0.5, twice what was expected raises it by two thirds. */
const GAIN = 0.5;
/** So many fills are known half as well: fewer tell more of chance than of the price. */
const FILLS_KNOWN = 50;
/** The correction stays within these. */
const LEAST = 1 / 64;
const MOST = 64;

/** Seconds of fills in a stretch, and how many fills a plan expected them to be. */
export interface Spending {
  spentSeconds: number;
  expectedSeconds: number;
  expectedFills: number;
}

/**
 * What the planned price is multiplied by, so that what is spent is what the plan expects to be: raised when it was more, lowered when it was
 * less. That is below the budget, which no hour may exceed: a price that went after the budget itself would fall until nearly every fill were
 * worth it, and leave to chance which of them find room. 1 at the start; where nothing is expected nothing is learned.
 */
export function nextCorrection(correction: number, { spentSeconds, expectedSeconds, expectedFills }: Spending): number {
  if (!(expectedSeconds > 0) || !(spentSeconds >= 0)) return correction;
  const error = Math.max(-1, Math.min(1, (spentSeconds - expectedSeconds) / expectedSeconds));
  const gain = (GAIN * expectedFills) / (expectedFills + FILLS_KNOWN);
  return Math.min(MOST, Math.max(LEAST, correction * Math.exp(gain * error)));
}
