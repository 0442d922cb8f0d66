import {
  addUsed,
  COUNTS_LENGTH,
  type Counts,
  encodePayload,
  maxOf,
  newCounts,
  type Payload,
  type PayloadRange,
  percentileFromTop,
  percentiles,
} from "../histogram/index.ts";
import { type Outcomes, OUTCOME_NAMES } from "./answers.ts";
import type { Steps } from "./plan.ts";

/** What a tally holds, in few bytes. */
export interface TallySum {
  readonly payload: Payload;
  readonly byOutcome: Float64Array;
}

/** Samples added up: one histogram over all outcomes, and how many had which outcome. */
export class Tally {
  readonly counts: Counts = newCounts();
  readonly byOutcome = new Float64Array(OUTCOME_NAMES.length);
  count = 0;
  /** Buckets in use; none when `low` is above `high`. */
  low = COUNTS_LENGTH;
  high = -1;

  /** Adds a payload. `also`, when given, gets it as well: adding twice at once is cheaper than adding up afterwards. */
  add(outcome: number, payload: PayloadRange, also?: Tally): void {
    const added = addUsed(this, payload, also);
    this.note(outcome, added);
    also?.note(outcome, added);
  }

  /** Adds a payload of which no outcome is known. */
  addUnknown(payload: PayloadRange, also?: Tally): void {
    const added = addUsed(this, payload, also);
    this.count += added;
    if (also !== undefined) also.count += added;
  }

  private note(outcome: number, added: number): void {
    this.byOutcome[outcome]! += added;
    this.count += added;
  }

  /** Adds what another tally held. `also`, when given, gets it as well. */
  addSum({ payload, byOutcome }: TallySum, also?: Tally): void {
    const added = addUsed(this, { bytes: payload, start: 0, end: payload.length }, also);
    this.count += added;
    if (also !== undefined) also.count += added;
    for (let outcome = 0; outcome < byOutcome.length; outcome++) {
      this.byOutcome[outcome]! += byOutcome[outcome]!;
      if (also !== undefined) also.byOutcome[outcome]! += byOutcome[outcome]!;
    }
  }

  sum(): TallySum {
    // A Buffer, as rows are: reading both kinds would make every reading slower.
    return { payload: Buffer.from(encodePayload(this.counts)), byOutcome: this.byOutcome.slice() };
  }

  addTally(other: Tally): void {
    for (let index = other.low; index <= other.high; index++) this.counts[index]! += other.counts[index]!;
    for (let outcome = 0; outcome < this.byOutcome.length; outcome++)
      this.byOutcome[outcome]! += other.byOutcome[outcome]!;
    this.count += other.count;
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
  }

  /** The values at percentiles, µs; `null` without samples. */
  percentiles(qs: readonly number[]): (number | null)[] {
    return percentiles(this.counts, qs, this.count, Math.min(this.low, COUNTS_LENGTH - 1));
  }

  percentile(q: number): number | null {
    return percentileFromTop(this.counts, q, this.count, this.high);
  }

  /** The highest value of the highest bucket in use, µs. */
  get maxUs(): number | null {
    return maxOf(this.counts.subarray(0, this.high + 1));
  }

  /**
   * Takes another's samples out, bucket by bucket. What a bucket lacks is taken from the next ones that have it: a user may
   * be told with fewer digits than the endpoint, and counts must add up all the same. None ever becomes negative.
   */
  subtract(other: Tally): void {
    let owed = 0;
    for (let index = other.low; index <= other.high; index++) owed = this.take(index, owed + other.counts[index]!);
    for (let index = other.high + 1; owed > 0 && index <= this.high; index++) owed = this.take(index, owed);
    for (let index = this.high; owed > 0 && index >= this.low; index--) owed = this.take(index, owed);
  }

  /** Takes out what was added before, outcomes included: to the sample, unlike `subtract`. */
  takeOut(other: Tally): void {
    for (let index = other.low; index <= other.high; index++) this.counts[index]! -= other.counts[index]!;
    for (let outcome = 0; outcome < this.byOutcome.length; outcome++)
      this.byOutcome[outcome]! -= other.byOutcome[outcome]!;
    this.count -= other.count;
  }

  /** Takes up to so many samples out of a bucket. Returns how many it lacked. */
  private take(index: number, wanted: number): number {
    const taken = Math.min(this.counts[index]!, wanted);
    this.counts[index]! -= taken;
    this.count -= taken;
    return wanted - taken;
  }

  clear(): void {
    if (this.high >= 0) this.counts.fill(0, this.low, this.high + 1);
    this.byOutcome.fill(0);
    this.count = 0;
    this.low = COUNTS_LENGTH;
    this.high = -1;
  }

  get outcomes(): Outcomes {
    return Object.fromEntries(OUTCOME_NAMES.map((name, at) => [name, this.byOutcome[at]!])) as Outcomes;
  }
}

/** A tally a step, and one of all steps together. Steps without samples have none. */
export class StepTallies {
  readonly whole = new Tally();
  private readonly tallies: (Tally | undefined)[];

  constructor(readonly steps: Steps) {
    this.tallies = Array.from({ length: steps.count });
  }

  /** Adds a payload to the step that a moment lies in. The moment must lie within the steps. */
  add(atSeconds: number, outcome: number, payload: PayloadRange): void {
    this.at(atSeconds).add(outcome, payload, this.whole);
  }

  /** As `add`, without an outcome. */
  addUnknown(atSeconds: number, payload: PayloadRange): void {
    this.at(atSeconds).addUnknown(payload, this.whole);
  }

  private at(seconds: number): Tally {
    return this.atPlace(Math.floor((seconds - this.steps.firstSeconds) / this.steps.stepSeconds));
  }

  /** The tally of a step by its place, to be added to. */
  atPlace(place: number): Tally {
    return (this.tallies[place] ??= new Tally());
  }

  /** The tally of a step by its place; `undefined` when nothing was added. */
  step(place: number): Tally | undefined {
    const tally = this.tallies[place];
    return tally === undefined || tally.count === 0 ? undefined : tally;
  }

  /** Adds another's steps, which must be the same steps. */
  addAll(other: StepTallies): void {
    other.tallies.forEach((tally, place) => {
      if (tally !== undefined) (this.tallies[place] ??= new Tally()).addTally(tally);
    });
    this.whole.addTally(other.whole);
  }

  /** Takes another's samples out of each step. */
  subtract(other: StepTallies): void {
    other.tallies.forEach((tally, place) => {
      if (tally !== undefined) this.tallies[place]?.subtract(tally);
    });
    this.whole.subtract(other.whole);
  }

  /** Visits each step in order with its start, Unix seconds. */
  map<Result>(visit: (tally: Tally | undefined, atSeconds: number) => Result): Result[] {
    const { count, firstSeconds, stepSeconds } = this.steps;
    return Array.from({ length: count }, (_, place) => visit(this.step(place), firstSeconds + place * stepSeconds));
  }

  clear(): this {
    for (const tally of this.tallies) tally?.clear();
    this.whole.clear();
    return this;
  }
}
