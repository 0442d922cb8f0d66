/** A fill begins only when there is room for 2.2 times its cost (the SDK's `HEADROOM`): it may take longer than expected. */
const LATER = 1.2;
/** So many fills an hour are as good as endless: then what comes by chance evens out. */
const MANY = 2_000;

/**
 * Share of the fills asked for that an hour's budget has room for. Users come by chance: even when they ask for no more than the budget on
 * average, some hours have too many, and nothing is made up for in the hours that have too few. No hour may take more than the budget, so that
 * each fill takes its cost out of it for an hour: that is how lines of an exchange are taken by calls, and Erlang's formula says how many are lost.
 *
 * @param room seconds of the budget
 * @param asked seconds of fills asked for, an hour on average
 * @param costSeconds of a fill, an average weighted by the cost itself
 */
export function admittedShare(room: number, asked: number, costSeconds: number): number {
  if (asked <= 0) return 1;
  if (costSeconds <= 0 || room <= 0) return 0;
  const calls = asked / costSeconds;
  const lines = room / costSeconds - LATER;
  if (lines <= 0) return 0;
  if (lines > MANY) return Math.min(1, lines / calls);
  const whole = Math.floor(lines);
  let lost = 1;
  for (let line = 1; line <= whole; line++) lost = (calls * lost) / (line + calls * lost);
  if (lost === 0) return 1; // too little to be told from nothing
  const next = (calls * lost) / (whole + 1 + calls * lost);
  return 1 - lost * (next / lost) ** (lines - whole);
}
