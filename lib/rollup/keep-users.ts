import {
  addPayload,
  countAbove,
  encodePayload,
  indexOf,
  newCounts,
  type PayloadRange,
  percentile,
  sumPayloads,
} from "../histogram/index.ts";
import { KINDS, LATENCY, type UserChunk, UserPacker } from "../store/user-pack.ts";
import type { Pace } from "./pace.ts";
import type { SeriesList } from "./series-list.ts";

/** The tail of an endpoint begins at this percentile of the requests of its users. */
const TAIL_PERCENTILE = 95;
/** The score of `(other users)`. */
const NEVER_KEPT = -1;

/**
 * Adds up the histograms of each user, and packs them. At most `most` users keep an entry of their own, those with most
 * requests in the tail; the rest is added up in `(other users)`, so that no sample is lost.
 */
export function keepUsers(series: SeriesList, most: number, pace: Pace): Promise<UserChunk[]> {
  return new Keeping(series, pace).keep(most);
}

class Keeping {
  private readonly order: Uint32Array;
  /** Where in `order` each user begins; one more than there are users. */
  private readonly begins: Uint32Array;
  private readonly packer = new UserPacker();

  constructor(
    private readonly series: SeriesList,
    private readonly pace: Pace,
  ) {
    this.order = series.sorted();
    this.begins = beginsOf(series, this.order);
  }

  private get users(): number {
    return this.begins.length - 1;
  }

  async keep(most: number): Promise<UserChunk[]> {
    const keeps = this.users > most ? await this.highest(most) : null;
    const other = keeps === null ? null : await this.sumOfRest(keeps);
    let otherWaits = other !== null;
    for (let user = 0; user < this.users; user++) {
      if (keeps !== null && keeps[user] === 0) continue;
      if (otherWaits && this.highOf(user) >= 0) {
        this.packOther(other!);
        otherWaits = false;
      }
      this.pack(user);
      if (this.pace.isOver) await this.pace.turn();
    }
    if (otherWaits) this.packOther(other!);
    return this.packer.finish();
  }

  private highOf(user: number): number {
    return this.series.highs[this.order[this.begins[user]!]!]!;
  }

  private isOther(user: number): boolean {
    return this.highOf(user) === 0 && this.series.lows[this.order[this.begins[user]!]!] === 0;
  }

  private pack(user: number): void {
    const { series, order, begins, packer } = this;
    const [from, to] = [begins[user]!, begins[user + 1]!];
    const first = order[from]!;
    packer.user(series.highs[first]!, series.lows[first]!);
    if (to - from === 1)
      return packer.piece(series.kinds[first]!, series.bytesOf(first), series.starts[first]!, series.ends[first]!);
    for (let kind = 0; kind < KINDS.length; kind++) this.packSum(kind, from, to);
  }

  /** One histogram of a kind, added up from the entries that are of it. */
  private packSum(kind: number, from: number, to: number): void {
    const { series, order, packer } = this;
    const parts: PayloadRange[] = [];
    for (let place = from; place < to; place++) {
      const entry = order[place]!;
      if (series.kinds[entry] !== kind) continue;
      parts.push({ bytes: series.bytesOf(entry), start: series.starts[entry]!, end: series.ends[entry]! });
    }
    const [only] = parts;
    if (parts.length === 1) packer.piece(kind, only!.bytes, only!.start, only!.end);
    else if (parts.length > 1) packer.whole(kind, sumPayloads(parts));
  }

  private packOther(sums: ReadonlyMap<number, Uint8Array>): void {
    this.packer.user(0, 0);
    for (const [kind, payload] of sums) this.packer.whole(kind, payload);
  }

  /** Which users have the `most` highest numbers of requests in the tail; of equal ones those with the lower key. */
  private async highest(most: number): Promise<Uint8Array> {
    const scores = await this.tailScores();
    const { lowest, ties: room } = threshold(scores, most);
    let ties = room;
    const keeps = new Uint8Array(this.users);
    for (let user = 0; user < keeps.length; user++) {
      const score = scores[user]!;
      if (score === NEVER_KEPT) continue;
      if (score > lowest || (score === lowest && ties-- > 0)) keeps[user] = 1;
    }
    return keeps;
  }

  private async tailScores(): Promise<Float64Array> {
    const { series, pace } = this;
    const counts = newCounts();
    for (let entry = 0; entry < series.length; entry++) {
      if (series.kinds[entry] === LATENCY)
        addPayload(counts, series.bytesOf(entry), series.starts[entry], series.ends[entry]);
      if (pace.isOver) await pace.turn();
    }
    const tail = indexOf(percentile(counts, TAIL_PERCENTILE) ?? 0);
    const scores = new Float64Array(this.users);
    for (let user = 0; user < scores.length; user++) {
      scores[user] = this.isOther(user) ? NEVER_KEPT : this.tailOf(user, tail);
      if (pace.isOver) await pace.turn();
    }
    return scores;
  }

  private tailOf(user: number, tail: number): number {
    const { series, order, begins } = this;
    let count = 0;
    for (let place = begins[user]!; place < begins[user + 1]!; place++) {
      const entry = order[place]!;
      if (series.kinds[entry] === LATENCY)
        count += countAbove(series.bytesOf(entry), tail, series.starts[entry], series.ends[entry]);
    }
    return Math.min(count, MOST_COUNTED);
  }

  /** The sum of everybody who is not kept, by kind. */
  private async sumOfRest(keeps: Uint8Array): Promise<Map<number, Uint8Array>> {
    const { series, order, begins } = this;
    const sums = KINDS.map(() => newCounts());
    const samples = KINDS.map(() => 0);
    for (let user = 0; user < keeps.length; user++) {
      if (keeps[user] === 1) continue;
      for (let place = begins[user]!; place < begins[user + 1]!; place++) {
        const entry = order[place]!;
        const kind = series.kinds[entry]!;
        samples[kind]! += addPayload(sums[kind]!, series.bytesOf(entry), series.starts[entry], series.ends[entry]);
      }
      if (this.pace.isOver) await this.pace.turn();
    }
    const used = KINDS.map((_, kind) => kind).filter((kind) => samples[kind]! > 0);
    return new Map(used.map((kind) => [kind, encodePayload(sums[kind]!)]));
  }
}

/** Scores end here, so that ranks can be counted out instead of sorted: who has so many slow requests is kept anyway. */
const MOST_COUNTED = 65_535;

/** The lowest score that is kept, and how many of those who have just that score there is room for. */
function threshold(scores: Float64Array, most: number): { lowest: number; ties: number } {
  const byScore = new Uint32Array(MOST_COUNTED + 1);
  for (const score of scores) if (score !== NEVER_KEPT) byScore[score]!++;
  let room = most;
  for (let score = MOST_COUNTED; score > 0; score--) {
    if (byScore[score]! > room) return { lowest: score, ties: room };
    room -= byScore[score]!;
  }
  return { lowest: 0, ties: room };
}

function beginsOf(series: SeriesList, order: Uint32Array): Uint32Array {
  const begins = new Uint32Array(order.length + 1);
  let users = 0;
  for (let place = 0; place < order.length; place++)
    if (place === 0 || !series.same(order[place - 1]!, order[place]!)) begins[users++] = place;
  begins[users] = order.length;
  return begins.subarray(0, users + 1);
}
