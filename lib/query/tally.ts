import { addPayload, COUNTS_LENGTH, type Counts, newCounts } from "../histogram/index.ts";
import { type Outcomes, OUTCOME_NAMES } from "./answers.ts";
import type { Steps } from "./plan.ts";

/** Samples added up: one histogram over all outcomes, and how many had which outcome. */
export class Tally {
  readonly counts: Counts = newCounts();
  readonly byOutcome = new Float64Array(OUTCOME_NAMES.length);
  count = 0;

  /** Adds a payload: `bytes` from `start` to `end`. */
  add(outcome: number, bytes: Uint8Array, ...[start, end]: [start: number, end: number]): void {
    const added = addPayload(this.counts, bytes, start, end);
    this.byOutcome[outcome]! += added;
    this.count += added;
  }

  addTally(other: Tally): void {
    if (other.count === 0) return;
    for (let index = 0; index < COUNTS_LENGTH; index++) this.counts[index]! += other.counts[index]!;
    for (let outcome = 0; outcome < this.byOutcome.length; outcome++)
      this.byOutcome[outcome]! += other.byOutcome[outcome]!;
    this.count += other.count;
  }

  /**
   * Takes another's samples out, bucket by bucket. A bucket of which the other has more becomes empty: who sends
   * users that its endpoints do not have must not make a count negative.
   */
  subtractCounts(other: Counts): void {
    let count = 0;
    for (let index = 0; index < COUNTS_LENGTH; index++)
      count += this.counts[index] = Math.max(0, this.counts[index]! - other[index]!);
    this.count = count;
  }

  clear(): void {
    if (this.count === 0) return;
    this.counts.fill(0);
    this.byOutcome.fill(0);
    this.count = 0;
  }

  get outcomes(): Outcomes {
    return Object.fromEntries(OUTCOME_NAMES.map((name, at) => [name, this.byOutcome[at]!])) as Outcomes;
  }
}

/** A tally a step. Steps without samples have none. */
export class StepTallies {
  private readonly tallies: (Tally | undefined)[];

  constructor(readonly steps: Steps) {
    this.tallies = Array.from({ length: steps.count });
  }

  /** The tally of the step that a moment lies in. The moment must lie within the steps. */
  at(seconds: number): Tally {
    const place = Math.floor((seconds - this.steps.firstSeconds) / this.steps.stepSeconds);
    return (this.tallies[place] ??= new Tally());
  }

  /** The tally of a step by its place; `undefined` when nothing was added. */
  step(place: number): Tally | undefined {
    const tally = this.tallies[place];
    return tally === undefined || tally.count === 0 ? undefined : tally;
  }

  /** All steps together. */
  total(into = new Tally()): Tally {
    for (const tally of this.tallies) if (tally !== undefined) into.addTally(tally);
    return into;
  }

  /** Adds another's steps, which must be the same steps. */
  addAll(other: StepTallies): void {
    other.tallies.forEach((tally, place) => {
      if (tally !== undefined) (this.tallies[place] ??= new Tally()).addTally(tally);
    });
  }

  /** Takes another's samples out of each step: see `subtractCounts`. */
  subtract(other: StepTallies): void {
    other.tallies.forEach((tally, place) => {
      if (tally !== undefined) this.tallies[place]?.subtractCounts(tally.counts);
    });
  }

  /** Visits each step in order with its start, Unix seconds. */
  map<Result>(visit: (tally: Tally | undefined, atSeconds: number) => Result): Result[] {
    const { count, firstSeconds, stepSeconds } = this.steps;
    return Array.from({ length: count }, (_, place) => visit(this.step(place), firstSeconds + place * stepSeconds));
  }

  clear(): void {
    for (const tally of this.tallies) tally?.clear();
  }
}
