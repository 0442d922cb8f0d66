import { newCounts } from "../histogram/index.ts";
import { Candidates } from "./candidates.ts";
import { firstReading, fitReading, type Reading, smoothings } from "./fit.ts";
import { busyHours, SLOTS } from "./hours.ts";
import { announcedShare, type DefinitionSeen, inTimeShare, type Seen } from "./profile.ts";
import { useOfAny, useOfUser } from "./signals.ts";
import type { Smoothing } from "./smooth.ts";
import { tailsOf, type Thresholds, writeTails } from "./thresholds.ts";
import { chanceOfReturn } from "./visits.ts";
import { HIT_PSEUDO_COUNTS, shrunk } from "./value.ts";

/** Users are bootstrapped in so many groups: resampling groups tells the same spread as resampling users. */
export const GROUPS = 256;
/** Computations by which a user's cost is drawn towards the definition's. */
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
  reading: Reading;
}

/** What a survey covers. */
export interface Stretch {
  /** Latencies to judge by. */
  thresholds: Thresholds;
  /** Hours that were looked at. */
  hours: number;
  /** Visits of everybody, by hour of the week (0 = Monday 00:00 UTC): hour and visits, in turn. Empty when not known. */
  visitsByHour?: ArrayLike<number>;
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
  readonly thresholds: Thresholds;
  readonly hours: number;
  /** How much busier than the average each kind of hour is. */
  readonly busy: Float32Array;
  private readonly tails: Float32Array;
  private readonly widths: Smoothing[];
  private fitted = 0;

  constructor({ thresholds, hours, visitsByHour }: Stretch) {
    this.thresholds = thresholds;
    this.hours = hours;
    this.busy = busyHours(visitsByHour ?? []);
    this.widths = smoothings(thresholds);
    this.over = new Float64Array(GROUPS * thresholds.us.length);
    this.tails = new Float32Array(3 * thresholds.us.length);
    this.candidates = new Candidates(thresholds.us.length);
  }

  open(seen: DefinitionSeen): void {
    for (let at = 0; at < this.all.length; at++) this.all[at]! += seen.miss[at]! + seen.hit[at]!;
    this.definitions.push({
      seen,
      use: useOfAny(seen.use.any),
      announced: announcedShare(seen),
      inTime: inTimeShare(seen),
      costUs: seen.loads > 0 ? seen.loadUs / seen.loads : 0,
      missTail: tailsOf(this.thresholds, seen.miss),
      hitTail: tailsOf(this.thresholds, seen.hit),
      reading: firstReading(this.widths),
    });
  }

  /** To be called when all users were added: learns how to read them. A second call does nothing. */
  fit(): void {
    if (this.fitted === this.definitions.length) return;
    for (const [at, judged] of this.definitions.entries()) judged.reading = fitReading(this, at, this.widths);
    this.fitted = this.definitions.length;
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
    const busy = busyHours(seen.hours ?? [], this.busy);
    candidates.busy.set(busy, place * SLOTS);
    candidates.again[place] = chanceOfReturn(seen.cold, this.hours, judged.seen.ttlSeconds / 3_600, busy);
    candidates.coldPerHour[place] = seen.cold / this.hours;
    candidates.use[place] = useOfUser(seen.signals, judged.use);
    candidates.costUs[place] = (seen.loadUs + COST_PSEUDO_COUNTS * judged.costUs) / (seen.loads + COST_PSEUDO_COUNTS);
    candidates.even[place] = samples.even;
    candidates.odd[place] = samples.odd;
    for (let at = 0; at < steps; at++) {
      const to = place * steps + at;
      candidates.overEven[to] = tails[at]!;
      candidates.overOdd[to] = tails[steps + at]!;
      candidates.hitTail[to] = shrunk(tails[2 * steps + at]!, samples.hits, judged.hitTail[at]!, HIT_PSEUDO_COUNTS);
    }
  }
}

/** A user's group, the same at every definition. */
export function groupOf(user: number): number {
  return Math.imul(user + 1, 0x9e37_79b1) >>> 24;
}
