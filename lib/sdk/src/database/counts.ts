import { HIGHEST_US, indexOf, middleAt } from "../../../histogram/index.ts";
import type { Outcome } from "../../../wire/index.ts";
import type { Stop } from "./stop-codes.ts";

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

/** A fingerprint's statements, and how many took how long: by bucket of the histogram's layout. */
interface Counting extends CountedStatement {
  answered: Map<number, number> | undefined;
  refused: Map<number, number> | undefined;
}

// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
export type DurationVisitor = (fingerprint: string, outcome: Outcome, valueUs: number, times: number) => void;

/** A statement that was stopped while it ran. */
export interface StoppedStatement extends Stop {
  fingerprint: string;
  durationUs: number;
  /** Of its connection, where the driver tells. */
  pid: number | undefined;
  error: object;
}

/** A request that asks for more than its database bears need not tell of each. */
const MOST_STOPPED = 20;

/** Counts the statements of one request, in memory that is bounded whatever it asks for. */
export class StatementCounts {
  readonly #byFingerprint = new Map<string, Counting>();
  #count = 0;
  #running = 0;
  #busyMs = 0;
  #busySinceMs = 0;
  /** Told of what is answered after this is set: when the request it was asked for is over, and told of. */
  late: DurationVisitor | undefined;
  /** The same for what is stopped after this is set. */
  lateStop: ((stopped: StoppedStatement) => void) | undefined;
  #stopped: StoppedStatement[] | undefined;

  /** Gives what to hand to `end`. */
  begin(fingerprint: string, atMs: number): Counting {
    const counted = this.#of(fingerprint);
    counted.count++;
    this.#count++;
    if (this.#running++ === 0) this.#busySinceMs = atMs;
    return counted;
  }

  // oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
  end(counted: Counting, startMs: number, atMs: number, rows: number, failed: boolean): void {
    const durationUs = Math.round((atMs - startMs) * 1_000);
    counted.durationUs += durationUs;
    counted.rows += rows;
    if (failed) counted.failed++;
    if (this.late !== undefined) this.late(counted.fingerprint, failed ? "server_error" : "ok", durationUs, 1);
    const buckets = failed ? (counted.refused ??= new Map()) : (counted.answered ??= new Map());
    const bucket = indexOf(Math.min(durationUs, HIGHEST_US));
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    if (--this.#running === 0) this.#busyMs += atMs - this.#busySinceMs;
  }

  stopped(statement: StoppedStatement): void {
    if (this.lateStop !== undefined) return this.lateStop(statement);
    this.#stopped ??= [];
    if (this.#stopped.length < MOST_STOPPED) this.#stopped.push(statement);
  }

  /** Those that were stopped by now. */
  get allStopped(): readonly StoppedStatement[] {
    return this.#stopped ?? [];
  }

  /** How many were begun. */
  get count(): number {
    return this.#count;
  }

  /** How long at least one of them was on its way, by now. */
  busyUs(atMs: number): number {
    const busyMs = this.#busyMs + (this.#running > 0 ? atMs - this.#busySinceMs : 0);
    return Math.round(busyMs * 1_000);
  }

  /** Visits how long those took that were answered, or refused. */
  eachDuration(visit: DurationVisitor): void {
    for (const { fingerprint, answered, refused } of this.#byFingerprint.values()) {
      answered?.forEach((times, bucket) => visit(fingerprint, "ok", middleAt(bucket), times));
      refused?.forEach((times, bucket) => visit(fingerprint, "server_error", middleAt(bucket), times));
    }
  }

  /** A copy of what is counted by now. */
  summary(atMs: number): Statements {
    const byFingerprint = [...this.#byFingerprint.values()]
      .map(({ answered: _answered, refused: _refused, ...each }): CountedStatement => each)
      .toSorted((a, b) => b.durationUs - a.durationUs);
    const sum = (of: (each: CountedStatement) => number): number =>
      byFingerprint.reduce((all, each) => all + of(each), 0);
    return {
      count: this.#count,
      durationUs: sum((each) => each.durationUs),
      busyUs: this.busyUs(atMs),
      rows: sum((each) => each.rows),
      failed: sum((each) => each.failed),
      unfinished: this.#running,
      byFingerprint,
    };
  }

  #of(fingerprint: string): Counting {
    const known = this.#byFingerprint.get(fingerprint);
    if (known !== undefined) return known;
    if (this.#byFingerprint.size >= MOST_FINGERPRINTS && fingerprint !== OTHER_STATEMENTS)
      return this.#of(OTHER_STATEMENTS);
    const counted: Counting = {
      fingerprint,
      count: 0,
      durationUs: 0,
      rows: 0,
      failed: 0,
      answered: undefined,
      refused: undefined,
    };
    this.#byFingerprint.set(fingerprint, counted);
    return counted;
  }
}

/** What is counted where nothing was asked. */
export function noStatements(): Statements {
  return { count: 0, durationUs: 0, busyUs: 0, rows: 0, failed: 0, unfinished: 0, byFingerprint: [] };
}
