import { p95, qError } from "./q-error.ts";

/** Enough for a 95th percentile that one odd value does not decide. */
const KEPT_ERRORS = 40;
/** Statistics are made anew in the meantime: what was bad may be good, and the other way round. */
const KEPT_MS = 86_400_000;
/** An app has some dozens of shapes, unless it writes values into its statements. */
const MOST_SHAPES = 500;

/** What is known of the estimates of one shape: of those above the threshold, or of those below. */
export class Shape {
  readonly #errors: { atMs: number; error: number }[] = [];
  #estimates = 0;
  #nextCheck: number | undefined;

  /** An estimate was compared with an exact count. Returns its q-error. */
  note(estimate: number, actual: number, nowMs: number): number {
    const error = qError(estimate, actual);
    this.#errors.push({ atMs: nowMs, error });
    if (this.#errors.length > KEPT_ERRORS) this.#errors.shift();
    return error;
  }

  /** How many comparisons of the last day there are, and the 95th percentile of their q-errors. */
  known(nowMs: number): { checks: number; qErrorP95: number | null } {
    const fresh = this.#errors.filter(({ atMs }) => nowMs - atMs < KEPT_MS).map(({ error }) => error);
    return { checks: fresh.length, qErrorP95: p95(fresh) };
  }

  /** Counts an estimate that is about to be answered; whether this one is to be checked: the `first` one, then every so many. */
  isDue(every: number, first: number): boolean {
    if (every === 0) return false;
    this.#estimates++;
    this.#nextCheck ??= Math.min(first, every);
    if (this.#estimates < this.#nextCheck) return false;
    this.#nextCheck = this.#estimates + every;
    return true;
  }

  /** A check did not come to its end: the next is further off, since it would not either. */
  putOff(every: number): void {
    this.#nextCheck = this.#estimates + every * 10;
  }
}

/** Which estimates a shape is told apart by: they are wrong for different reasons. */
export type Size = "small" | "large";

/** The shapes of one database, at most 500 of each size; what is known of more is not kept, and counted. */
export class Shapes {
  readonly #byName: Record<Size, Map<string, Shape>> = { small: new Map(), large: new Map() };
  #unkept = 0;

  of(name: string, size: Size): Shape {
    const known = this.#byName[size].get(name);
    if (known !== undefined) return known;
    const shape = new Shape();
    if (this.#byName[size].size < MOST_SHAPES) this.#byName[size].set(name, shape);
    else this.#unkept++;
    return shape;
  }

  stats(): { shapes: number; unkept: number } {
    return { shapes: this.#byName.small.size + this.#byName.large.size, unkept: this.#unkept };
  }
}
