import { shareOfKind } from "./hours.ts";
import { type Room, Running } from "./running.ts";

/** Candidates with what each is worth by second of work, and the work an hour that filling it takes. */
export interface Offers {
  /** Misses of the target avoided per second of work. 0 or below is never chosen. */
  value: Float64Array;
  /** Seconds of fills an hour, on average. */
  work: Float64Array;
  /** What one fill takes. */
  costSeconds: (place: number) => number;
}

export interface Choice {
  /** Places of what is chosen in some hour, the most valuable first. */
  chosen: Int32Array;
  /** By place among `chosen`: the share of its occasions that come in hours in which it is chosen and find room in the budget. */
  shares: Float64Array;
  /** By kind of hour: nothing below this value is filled. Infinite when nothing is chosen. */
  prices: Float64Array;
  /** By kind of hour, what it will spend: the part of what is chosen that there is room for. */
  spending: readonly { seconds: number; fills: number }[];
  /** Work that an hour will spend, on average. */
  secondsPerHour: number;
}

/** Places of the offers worth something, the most valuable first. */
export function byValue({ value }: Pick<Offers, "value">): Int32Array {
  const places = new Int32Array(value.length);
  let kept = 0;
  for (let at = 0; at < value.length; at++) if (value[at]! > 0) places[kept++] = at;
  return places.subarray(0, kept).sort((a, b) => value[b]! - value[a]! || a - b);
}

/**
 * Takes the most valuable by second of work until there is no room for more, each kind of hour for itself: every user is as much busier in a
 * busy hour as everybody is. For work that can be divided this is the optimum; here it is off by at most one offer an hour. An hour
 * stops at the first that does not fit, so that one price tells chosen from not chosen.
 */
export function choose(offers: Offers, room: Room, order = byValue(offers)): Choice {
  const kinds = new Running(offers, order).kinds(room);
  const most = Math.max(...kinds.map(({ count }) => count));
  // By how many are chosen: the part of the week that chooses so many.
  const ends = new Float64Array(most + 1);
  for (const { count, share } of kinds) ends[count]! += share;
  const shares = new Float64Array(most);
  for (let at = most - 1, share = 0; at >= 0; at--) shares[at] = share += ends[at + 1]!;
  const prices = Float64Array.from(kinds, ({ count }) =>
    count === 0 ? Number.POSITIVE_INFINITY : offers.value[order[count - 1]!]!,
  );
  const secondsPerHour = kinds.reduce((sum, { seconds }, kind) => sum + seconds * shareOfKind(kind), 0);
  return { chosen: order.subarray(0, most), shares, prices, spending: kinds, secondsPerHour };
}
