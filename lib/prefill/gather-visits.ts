import { addTimeIn, countAbove, type PayloadRange, sumPayloads } from "../histogram/index.ts";
import { type Profile, REST } from "../store/profile-pack.ts";
import { HIT, LATENCY, MISS, eachUser } from "../store/user-pack.ts";
import { USER_TIERS } from "../store/tiers.ts";
import type { CopiedUserRow } from "../store/window-copy.ts";
import { UserTable } from "../query/user-table.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_HOURS = 168;
/** The epoch was a Thursday; hours of the week are counted from Monday 00:00 UTC. */
const MONDAY_HOURS = 72;

/** What profiles are made of. */
export interface Subject {
  /** The `(cache)` endpoint of a cached definition; or an endpoint that has none: then each request is taken for a miss. */
  endpointId: number;
  isCached: boolean;
  /** The definition's `(load)` endpoint, as far as anything was computed. */
  loadId: number | null;
  /** The definition's `(write)` endpoint, as far as anything was invalidated. */
  writeId: number | null;
  /** How long a value is good for; what is assumed, where there is no cache. */
  ttlSeconds: number;
}

/** The endpoints whose windows a subject's profiles are made of. */
export const idsOf = ({ endpointId, loadId, writeId }: Subject): number[] =>
  [endpointId, loadId, writeId].filter((id) => id !== null);

/** One user's part: everything points into the rows, nothing is added up yet. */
interface Gathered {
  cold: number;
  loads: number;
  loadUs: number;
  writes: number;
  lastHour: number;
  missEven: PayloadRange[];
  missOdd: PayloadRange[];
  hit: PayloadRange[];
  /** Hours of the week and their visits, in turn. */
  hours: number[];
  /** Without a cache: windows (of an hour, or a day) and their visits, in turn. */
  windows: number[];
}

/** Puts the windows of a subject's users together, whatever their order. */
export class VisitGathering {
  private readonly table = new UserTable();
  private readonly users: Gathered[] = [];

  constructor(private readonly subject: Subject) {}

  get size(): number {
    return this.users.length;
  }

  /**
   * Adds a row of users. Its bytes are kept until the profiles are read. Of a window of a day it is not known at which hours visits came,
   * nor how many of them a cache would have spared.
   */
  add({
    tier,
    endpointId,
    startMs,
    payload,
  }: Pick<CopiedUserRow, "tier" | "endpointId" | "startMs" | "payload">): void {
    const isDay = USER_TIERS[tier]!.windowSeconds * 1_000 === DAY_MS;
    const isLoad = endpointId === this.subject.loadId;
    const isWrite = endpointId === this.subject.writeId;
    const isEven = Math.floor(startMs / DAY_MS) % 2 === 0;
    const hour = Math.floor(startMs / HOUR_MS);
    const week = (hour + MONDAY_HOURS) % WEEK_HOURS;
    eachUser(payload, (high, low, { kind, bytes, start, end }) => {
      const range = { bytes, start, end };
      const user = high === 0 && low === 0 ? this.of(REST.high, REST.low) : this.of(high, low);
      if (isLoad) return kind === LATENCY ? this.load(user, range) : undefined;
      if (isWrite) {
        if (kind === LATENCY) user.writes += countAbove(bytes, -1, start, end);
        return;
      }
      const isMiss = this.subject.isCached ? kind === MISS : kind === LATENCY;
      if (!isMiss && !(this.subject.isCached && kind === HIT)) return;
      const count = countAbove(bytes, -1, start, end);
      if (isMiss) (isEven ? user.missEven : user.missOdd).push(range);
      else user.hit.push(range);
      if (isMiss && this.subject.loadId === null) this.load(user, range); // what a visitor waited for is all that is known
      if (isMiss && this.subject.isCached) user.cold += count;
      else if (isMiss) addVisits(user.windows, isDay ? -hour : hour, count);
      if (!isDay) addVisits(user.hours, week, count);
      user.lastHour = Math.max(user.lastHour, hour);
    });
  }

  /** The profiles in the order of keys. */
  *profiles(): Generator<Profile> {
    const { table, users } = this;
    const order = Uint32Array.from({ length: table.size }, (_, place) => place);
    order.sort((a, b) => table.highAt(a) - table.highAt(b) || table.lowAt(a) - table.lowAt(b));
    for (const place of order) {
      const { cold, windows, loads, loadUs, writes, lastHour, missEven, missOdd, hit, hours } = users[place]!;
      yield {
        high: table.highAt(place),
        low: table.lowAt(place),
        cold: cold + Math.round(this.coldIn(windows)),
        loads,
        loadUs: Math.round(loadUs),
        writes,
        lastHour,
        missEven: summed(missEven),
        missOdd: summed(missOdd),
        hit: summed(hit),
        hours: inOrder(hours),
      };
    }
  }

  private of(high: number, low: number): Gathered {
    const place = this.table.placeOf(high, low);
    return (this.users[place] ??= {
      cold: 0,
      loads: 0,
      loadUs: 0,
      writes: 0,
      lastHour: 0,
      missEven: [],
      missOdd: [],
      hit: [],
      hours: [],
      windows: [],
    });
  }

  private coldIn(windows: readonly number[]): number {
    let cold = 0;
    for (let at = 0; at < windows.length; at += 2)
      cold += coldAmong(windows[at + 1]!, this.subject.ttlSeconds, windows[at]! < 0 ? 86_400 : 3_600);
    return cold;
  }

  private load(user: Gathered, range: PayloadRange): void {
    const time = { count: 0, us: 0 };
    addTimeIn(time, range);
    user.loads += time.count;
    user.loadUs += time.us;
  }
}

/** Of so many visits anywhere in a window, those that would find nothing in a cache that does not exist yet. */
export function coldAmong(visits: number, ttlSeconds: number, windowSeconds = 3_600): number {
  const slots = Math.max(1, windowSeconds / Math.max(1, ttlSeconds));
  return slots * -Math.expm1(visits * Math.log1p(-1 / slots));
}

/** Adds to the visits of an hour or window in a list of pairs. */
function addVisits(pairs: number[], key: number, visits: number): void {
  for (let at = pairs.length - 2; at >= 0; at -= 2)
    if (pairs[at] === key) {
      pairs[at + 1]! += visits;
      return;
    }
  pairs.push(key, visits);
}

/** Pairs sorted by the hour. */
function inOrder(hours: number[]): number[] {
  for (let at = 2; at < hours.length; at += 2)
    for (let to = at; to > 0 && hours[to - 2]! > hours[to]!; to -= 2) {
      [hours[to - 2], hours[to - 1], hours[to], hours[to + 1]] = [
        hours[to]!,
        hours[to + 1]!,
        hours[to - 2]!,
        hours[to - 1]!,
      ];
    }
  return hours;
}

function summed(parts: readonly PayloadRange[]): PayloadRange {
  if (parts.length === 1) return parts[0]!;
  const bytes = sumPayloads(parts);
  return { bytes, start: 0, end: bytes.length };
}
