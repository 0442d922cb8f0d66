import { addSample, analyseTrial, harmIn, mergeCells } from "../../../loading/index.ts";
import type { Harm, Strategy, TrialAnalysis, TrialCells, TrialSample } from "../../../loading/index.ts";
import { hourOf } from "../repeats/repeat-book.ts";
import { assign, chanceOf, otherThan } from "./assign.ts";
import type { Trial } from "./options.ts";

/** How many answers of both strategies were compared, and how. */
export interface Checks {
  same: number;
  /** Twice, one after the other: what others write in between changes answers as well. */
  different: number;
  /** In a transaction, cut without an order, or failed. */
  skipped: number;
}

export interface HourOfTrial {
  hourMs: number;
  cells: TrialCells;
  checks: Checks;
}

const noChecks = (): Checks => ({ same: 0, different: 0, skipped: 0 });

/** It is looked at for harm after so many samples. */
const LOOK_EVERY = 50;

/** Hours that wait to be told; where nobody tells them, they must not grow. */
const MOST_ENDED = 48;

/** One trial in this process. Decides by what it has seen itself; what others saw is added up at the server. */
export class RunningTrial {
  readonly trial: Trial;
  readonly #stopped: (harm: Harm) => void;
  readonly #earlier: TrialCells = [];
  readonly #earlierChecks = noChecks();
  #hour: HourOfTrial = { hourMs: 0, cells: [], checks: noChecks() };
  #changed = false;
  #ended: HourOfTrial[] = [];
  #samples = 0;
  #harm: Harm | undefined;
  #settled: Strategy | undefined;

  /** `stopped` is told once, when a strategy does harm. */
  constructor(trial: Trial, stopped: (harm: Harm) => void) {
    this.trial = trial;
    this.#stopped = stopped;
  }

  /** The strategy of a request, by a number that it has for itself. */
  assign(request: number): Strategy {
    if (this.#harm !== undefined) return otherThan(this.#harm.strategy);
    const { explore, name } = this.trial;
    return assign(chanceOf(request, name), explore === undefined ? undefined : this.#settled, explore ?? 0.5);
  }

  add(sample: TrialSample, nowMs: number): void {
    this.#turnTo(nowMs);
    addSample(this.#hour.cells, sample);
    this.#samples++;
  }

  /** Two answers were compared, or could not be: it counts in the hour of the last sample. */
  checked(found: keyof Checks): void {
    this.#hour.checks[found]++;
    this.#changed = true;
  }

  /** Whether it is time to look at it. */
  get isDue(): boolean {
    return this.#harm === undefined && this.#samples % LOOK_EVERY === 0;
  }

  /** Stops a strategy that does harm, and settles on one that is faster. */
  look(): void {
    const harm =
      this.#settled === undefined && this.#harm === undefined ? harmIn(this.cells, this.trial.stopAt) : undefined;
    if (harm !== undefined) {
      this.#harm = harm;
      this.#stopped(harm);
    }
    if (this.trial.explore === undefined || this.#settled !== undefined) return;
    const { verdict } = analyseTrial(this.cells);
    if (verdict === "join" || verdict === "query") this.#settled = verdict;
  }

  get harm(): Harm | undefined {
    return this.#harm;
  }

  /** All that was seen so far. */
  get cells(): TrialCells {
    const all: TrialCells = [];
    mergeCells(all, this.#earlier);
    mergeCells(all, this.#hour.cells);
    return all;
  }

  get checks(): Checks {
    const all = { ...this.#earlierChecks };
    addChecks(all, this.#hour.checks);
    return all;
  }

  /** The hours whose sums have changed since this was asked last. Told again, they take the place of what was told before. */
  takeChanged(): HourOfTrial[] {
    const all = [...this.#ended, ...(this.#changed ? [this.#hour] : [])];
    this.#ended = [];
    this.#changed = false;
    return all;
  }

  analysis(): TrialAnalysis {
    return analyseTrial(this.cells);
  }

  #turnTo(nowMs: number): void {
    const hourMs = hourOf(nowMs);
    if (this.#hour.hourMs !== hourMs) {
      if (this.#changed && this.#ended.length < MOST_ENDED) this.#ended.push(this.#hour);
      mergeCells(this.#earlier, this.#hour.cells);
      addChecks(this.#earlierChecks, this.#hour.checks);
      this.#hour = { hourMs, cells: [], checks: noChecks() };
    }
    this.#changed = true;
  }
}

function addChecks(into: Checks, from: Checks): void {
  for (const name of ["same", "different", "skipped"] as const) into[name] += from[name];
}
