/** How strongly the price answers to spending. At 0.5, twice the budget spent raises it by two thirds. */
const GAIN = 0.5;
/** The correction stays within these. */
const LEAST = 1 / 64;
const MOST = 64;

/**
 * What the planned price is multiplied by, so that what is spent meets the budget: raised when more was spent than there was
 * budget, lowered when less was. 1 at the start.
 *
 * @param spentSeconds work reported for a stretch
 * @param budgetSeconds budget of that stretch; without one nothing is learned
 */
export function nextCorrection(correction: number, spentSeconds: number, budgetSeconds: number): number {
  if (!(budgetSeconds > 0) || !(spentSeconds >= 0)) return correction;
  const error = Math.max(-1, Math.min(1, (spentSeconds - budgetSeconds) / budgetSeconds));
  return Math.min(MOST, Math.max(LEAST, correction * Math.exp(GAIN * error)));
}
