import type { Steps } from "./plan.ts";
import type { StretchSum } from "./stretch-sum.ts";
import { StepTallies, type Tally } from "./tally.ts";

const TREND_PERCENTILE = 99;

/** The trend's value of a step that has samples, µs. */
export const trendValueOf = (tally: Tally): number => tally.percentile(TREND_PERCENTILE)!;

/** What windows and the sums of stretches come to: the tallies of the steps, or the trend's values where only they are known. */
export class TrendTally {
  readonly tallies: StepTallies;
  private readonly values: (number | null)[];

  constructor(steps: Steps) {
    this.tallies = new StepTallies(steps);
    this.values = Array.from({ length: steps.count }, () => null);
  }

  get whole(): Tally {
    return this.tallies.whole;
  }

  addStretch({ whole, trend, steps }: StretchSum): void {
    const [first] = steps;
    // A stretch within one step is that step, too.
    if (first?.[1] === whole) return this.whole.addSum(whole, this.tallies.atPlace(first[0]));
    this.whole.addSum(whole);
    for (const [place, sum] of steps) this.tallies.atPlace(place).addSum(sum);
    for (const [place, value] of trend) this.values[place] = value;
  }

  /** The trend's value of each step, µs; `null` without samples. */
  trend(): (number | null)[] {
    return this.values.map((value, place) => {
      const tally = this.tallies.step(place);
      return tally === undefined ? value : trendValueOf(tally);
    });
  }

  clear(): void {
    this.tallies.clear();
    this.values.fill(null);
  }
}
