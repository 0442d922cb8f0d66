import type { Counts, PayloadRange } from "../histogram/index.ts";
import type { Calibration } from "./calibration.ts";
import type { Followed, UseCounts } from "./signals.ts";

/** What was seen of one user at one definition. Rows are read one after another; a caller may reuse the object. */
export interface Seen {
  /** The caller's number of the user, the same at every definition; 0 or more. */
  user: number;
  /** Visits for which there was nothing in the cache but what a fill had put there. */
  cold: number;
  /**
   * TRUSTED payloads. Misses of even and of odd days (of the epoch, UTC) apart: what is chosen by one is judged by the other. Hits
   * of all days, those of filled values included.
   */
  missEven: PayloadRange;
  missOdd: PayloadRange;
  hit: PayloadRange;
  /** Computations of the value and the work they took, in microseconds, whoever asked for them. */
  loads: number;
  loadUs: number;
  /** How often the value was invalidated. */
  writes: number;
  /** Of the cold visits, those that found what a fill had put there. */
  filled: number;
  /** Signals of this user, as far as logged, and those that a visit followed. */
  signals: Followed;
}

/** What was seen of a whole definition; for `Seen` rows of it to be judged by. */
export interface DefinitionSeen {
  name: string;
  ttlSeconds: number;
  /** The latency above which a request misses the target, in microseconds. */
  targetUs: number;
  /** Latencies of all its requests, users beyond the cap included. */
  miss: Counts;
  hit: Counts;
  loads: number;
  loadUs: number;
  use: UseCounts;
  /** Cold visits, and those of them that a signal announced in time to be decided on. */
  cold: number;
  announced: number;
  /** Decisions that a visit followed, and those of them whose fill was done and still there; or would have been, when none was made. */
  visited: number;
  inTime: number;
  /** From a decision on a signal to the visit that followed, in hours on average. */
  delayHours: number;
  /** How users' own chances of use are put right. */
  calibration?: Calibration;
}

/** Before anything was seen, seven in ten cold visits are announced, and nine fills in ten are in time. */
const ANNOUNCED = { of: 10, share: 0.7 };
const IN_TIME = { of: 10, share: 0.9 };

/** Share of cold visits that a signal announces. */
export function announcedShare({ cold, announced }: DefinitionSeen): number {
  return Math.min(1, (announced + ANNOUNCED.share * ANNOUNCED.of) / (cold + ANNOUNCED.of));
}

/** P(the fill is done, and still there, when the visit comes). */
export function inTimeShare({ visited, inTime }: DefinitionSeen): number {
  return Math.min(1, (inTime + IN_TIME.share * IN_TIME.of) / (visited + IN_TIME.of));
}
