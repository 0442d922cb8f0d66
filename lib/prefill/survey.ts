import { newCounts, totalOf } from "../histogram/index.ts";
import { AS_RECKONED, type Calibration } from "./calibration.ts";
import { Candidates } from "./candidates.ts";
import { missTail } from "./delta.ts";
import { ALIKE, type Busy } from "./hours.ts";
import { announcedShare, type DefinitionSeen, inTimeShare, type Seen } from "./profile.ts";
import { useOfAny, useOfUser } from "./signals.ts";
import { tailsOf, type Thresholds, writeTails } from "./thresholds.ts";
import { HIT_PSEUDO_COUNTS, shrunk } from "./value.ts";

/** Users are bootstrapped in so many groups: resampling groups tells the same spread as resampling users. */
export const GROUPS = 256;
/** By how much of a computation a user's cost is drawn towards the definition's: users differ by far more than their computations do. */
const COST_PSEUDO_COUNTS = 0.1;

/** A definition, with what its users are judged by. */
export interface Judged {
  seen: DefinitionSeen;
  use: number;
  announced: number;
  inTime: number;
  costUs: number;
  /** Shares of its misses and hits above each threshold. */
  missTail: Float64Array;
  hitTail: Float64Array;
  calibrated: Calibration;
}

/**
 * Everything that is known of a service's users, definition after definition: `open` a definition, `add` its users in any order.
 * Rows are streamed; only candidates keep numbers of their own.
 */
export class Survey {
  readonly definitions: Judged[] = [];
  readonly candidates: Candidates;
  /** All requests of all definitions. */
  readonly all = newCounts();
  /** Requests, and those above each threshold, by group of users. */
  readonly requests = new Float64Array(GROUPS);
  readonly over: Float64Array;
  /** All requests, and those above each threshold as they would be without any fill. */
  count = 0;
  readonly before: Float64Array;
  /** Misses of candidates on even and on odd days. */
  readonly misses = { even: 0, odd: 0 };
  private readonly tails: Float32Array;

  /**
   * @param thresholds latencies to judge by
   * @param hours what was seen was seen in so many hours
   * @param busy how much busier than average each kind of hour is
   */
  constructor(
    readonly thresholds: Thresholds,
    readonly hours: number,
    readonly busy: Busy = ALIKE,
  ) {
    this.before = new Float64Array(thresholds.us.length);
    this.over = new Float64Array(GROUPS * thresholds.us.length);
    this.tails = new Float32Array(3 * thresholds.us.length);
    this.candidates = new Candidates(thresholds.us.length);
  }

  open(seen: DefinitionSeen): void {
    for (let at = 0; at < this.all.length; at++) this.all[at]! += seen.miss[at]! + seen.hit[at]!;
    const [misses, hits] = [totalOf(seen.miss), totalOf(seen.hit)];
    const [missTail, hitTail] = [tailsOf(this.thresholds, seen.miss), tailsOf(this.thresholds, seen.hit)];
    this.count += misses + hits;
    for (let at = 0; at < this.before.length; at++) this.before[at]! += misses * missTail[at]! + hits * hitTail[at]!;
    this.definitions.push({
      seen,
      use: useOfAny(seen.use.any),
      announced: announcedShare(seen),
      inTime: inTimeShare(seen),
      costUs: seen.loads > 0 ? seen.loadUs / seen.loads : 0,
      missTail,
      hitTail,
      calibrated: seen.calibration ?? AS_RECKONED,
    });
  }

  add(seen: Seen): void {
    const { thresholds, tails } = this;
    const steps = thresholds.us.length;
    const even = writeTails(thresholds, seen.missEven, tails, 0);
    const odd = writeTails(thresholds, seen.missOdd, tails, steps);
    const hits = writeTails(thresholds, seen.hit, tails, 2 * steps);
    const group = groupOf(seen.user);
    this.requests[group]! += even + odd + hits;
    for (let at = 0; at < steps; at++)
      this.over[group * steps + at]! += tails[at]! + tails[steps + at]! + tails[2 * steps + at]!;
    if (seen.cold > 0) this.addCandidate(seen, { even, odd, hits });
  }

  private addCandidate(seen: Seen, samples: { even: number; odd: number; hits: number }): void {
    const { candidates, tails } = this;
    const steps = this.thresholds.us.length;
    const judged = this.definitions.at(-1)!;
    const place = candidates.add();
    candidates.definition[place] = this.definitions.length - 1;
    candidates.user[place] = seen.user;
    candidates.group[place] = groupOf(seen.user);
    candidates.coldPerHour[place] = seen.cold / this.hours;
    candidates.use[place] = judged.calibrated(useOfUser(seen.signals, judged.use));
    candidates.costUs[place] = (seen.loadUs + COST_PSEUDO_COUNTS * judged.costUs) / (seen.loads + COST_PSEUDO_COUNTS);
    candidates.kept[place] = Math.exp((-seen.writes / this.hours) * judged.seen.delayHours);
    candidates.even[place] = samples.even;
    candidates.odd[place] = samples.odd;
    this.misses.even += samples.even;
    this.misses.odd += samples.odd;
    for (let at = 0; at < steps; at++) {
      const to = place * steps + at;
      candidates.overEven[to] = tails[at]!;
      candidates.overOdd[to] = tails[steps + at]!;
      candidates.hitTail[to] = shrunk(tails[2 * steps + at]!, samples.hits, judged.hitTail[at]!, HIT_PSEUDO_COUNTS);
    }
    if (seen.filled > 0) this.unfill(place, seen.filled);
  }

  /** Puts back above the thresholds what fills have brought below. */
  private unfill(candidate: number, filled: number): void {
    const steps = this.thresholds.us.length;
    const row = this.candidates.group[candidate]! * steps;
    for (let at = 0; at < steps; at++) {
      const tail = missTail(this, candidate, at, "all") - this.candidates.hitTail[candidate * steps + at]!;
      this.before[at]! += filled * tail;
      this.over[row + at]! += filled * tail;
    }
  }
}

/** A user's group, the same at every definition. */
export function groupOf(user: number): number {
  return Math.imul(user + 1, 0x9e37_79b1) >>> 24;
}
