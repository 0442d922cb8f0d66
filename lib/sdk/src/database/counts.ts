/** Statements of one fingerprint. Times are whole microseconds, from when the driver was asked until it had answered. */
export interface CountedStatement {
  /** The statement without its values, or `(other statements)`. */
  fingerprint: string;
  count: number;
  /** Summed; of statements that ran side by side it can be more than the time that passed. */
  durationUs: number;
  /** Rows returned or changed. */
  rows: number;
  /** How many of them the database refused or stopped, or could not be reached for. */
  failed: number;
}

/** What a request, or a job, asked of its databases. */
export interface Statements {
  count: number;
  durationUs: number;
  /** How long at least one of them was on its way. */
  busyUs: number;
  rows: number;
  failed: number;
  /** How many were not answered yet. */
  unfinished: number;
  /** Most time first. */
  byFingerprint: CountedStatement[];
}

/** What more fingerprints than a request may have are counted as. */
export const OTHER_STATEMENTS = "(other statements)";
const MOST_FINGERPRINTS = 50;

/** Counts the statements of one request, in memory that is bounded whatever it asks for. */
export class StatementCounts {
  readonly #byFingerprint = new Map<string, CountedStatement>();
  #count = 0;
  #running = 0;
  #busyMs = 0;
  #busySinceMs = 0;

  /** Gives what to hand to `end`. */
  begin(fingerprint: string, atMs: number): CountedStatement {
    const counted = this.#of(fingerprint);
    counted.count++;
    this.#count++;
    if (this.#running++ === 0) this.#busySinceMs = atMs;
    return counted;
  }

  // oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
  end(counted: CountedStatement, startMs: number, atMs: number, rows: number, failed: boolean): void {
    counted.durationUs += Math.round((atMs - startMs) * 1_000);
    counted.rows += rows;
    if (failed) counted.failed++;
    if (--this.#running === 0) this.#busyMs += atMs - this.#busySinceMs;
  }

  /** A copy of what is counted by now. */
  summary(atMs: number): Statements {
    const byFingerprint = [...this.#byFingerprint.values()]
      .map((each) => ({ ...each }))
      .toSorted((a, b) => b.durationUs - a.durationUs);
    const sum = (of: (each: CountedStatement) => number): number =>
      byFingerprint.reduce((all, each) => all + of(each), 0);
    const busyMs = this.#busyMs + (this.#running > 0 ? atMs - this.#busySinceMs : 0);
    return {
      count: this.#count,
      durationUs: sum((each) => each.durationUs),
      busyUs: Math.round(busyMs * 1_000),
      rows: sum((each) => each.rows),
      failed: sum((each) => each.failed),
      unfinished: this.#running,
      byFingerprint,
    };
  }

  #of(fingerprint: string): CountedStatement {
    const known = this.#byFingerprint.get(fingerprint);
    if (known !== undefined) return known;
    if (this.#byFingerprint.size >= MOST_FINGERPRINTS && fingerprint !== OTHER_STATEMENTS)
      return this.#of(OTHER_STATEMENTS);
    const counted: CountedStatement = { fingerprint, count: 0, durationUs: 0, rows: 0, failed: 0 };
    this.#byFingerprint.set(fingerprint, counted);
    return counted;
  }
}

/** What is counted where nothing was asked. */
export function noStatements(): Statements {
  return { count: 0, durationUs: 0, busyUs: 0, rows: 0, failed: 0, unfinished: 0, byFingerprint: [] };
}
