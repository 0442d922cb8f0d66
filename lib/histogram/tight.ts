import type { Counts } from "./layout.ts";
import type { PayloadRange } from "./sum.ts";
import {
  afterRun,
  BEYOND_AFTER_FULL,
  FULL,
  LONGEST_PREFIX,
  offAfterRun,
  parameterOf,
  RUNS_AFTER_FULL,
  START,
  TIGHT,
  towards,
  unfolded,
  WHOLE_BITS,
  widened,
} from "./tight-model.ts";

/**
 * A shorter form of a payload, for what is kept for long: less than half of the bytes, for five times the time to read.
 * `addUsed` and `sumPayloads` take either; other readers do not, and `checkPayload` refuses it, so that it never comes from
 * outside.
 *
 *   mark     1 byte    `TIGHT`
 *   first    12 bits   the first used bucket
 *   span     12 bits   from there to the last used bucket
 *   then, for each bucket up to the last, Rice codes
 *
 * Where buckets hold much, each is told as the difference to what its neighbours held. Where they hold little, a code tells how
 * many empty ones come next, and another what the one behind them holds beyond 1.
 */
export const isTight = ({ bytes, start, end }: PayloadRange): boolean => bytes[start] === TIGHT && end > start;

/** Which buckets the last reading of a tight payload filled. One reader runs at a time. */
export const tightSpan = { low: 0, high: 0 };

/** Where reading is: the bit, the bucket, and what the buckets before say. */
const walk = { bit: 0, index: 0, mean: 0, off: 0, runs: 0, beyond: 0 };

/** As `addPayload`, of a payload in tight form; to two histograms at once with `also`. Sets `tightSpan`. */
export function addTight(into: Counts, { bytes, start, end }: PayloadRange, also: Counts | null = null): number {
  held.set(bytes.subarray(start, end));
  const low = (held[1]! << 4) | (held[2]! >>> 4);
  const high = low + (((held[2]! & 15) << 8) | held[3]!);
  tightSpan.low = low;
  tightSpan.high = high;
  Object.assign(walk, START);
  walk.bit = 32;
  walk.index = low;
  let total = 0;
  for (;;) {
    total += addSmall(into, high, also);
    if (walk.index > high) return total;
    total += addWhole(into, also);
  }
}

/** The payload that is read, with room behind it: a word is one load from memory that never moves. */
const held = new Uint8Array(32 * 1024);
const words = new DataView(held.buffer);
/** Bits of a word that are the next ones wherever in its first byte they begin. */
const SURE_BITS = 25;

/** At least the next 25 bits, from the highest on. */
const bitsAt = (bit: number): number => words.getInt32(bit >>> 3) << (bit & 7);

/** The value of the Rice code at a bit; -1 where a number stands as a whole. */
function riceAt(bit: number, parameter: number): number {
  const ahead = bitsAt(bit);
  const prefix = Math.clz32(ahead);
  if (prefix >= LONGEST_PREFIX) return -1;
  const rest = prefix + parameter < SURE_BITS ? ahead << (prefix + 1) : bitsAt(bit + prefix + 1);
  return (prefix << parameter) | ((rest >>> 1) >>> (31 - parameter));
}

/**
 * Adds buckets until the end, or until a number that stands as a whole. As in `addUsed`, this loop is what questions spend
 * their time in: everything in it is a small integer, in a variable of its own.
 */
// oxlint-disable-next-line max-params -- as above
function addSmall(into: Counts, high: number, also: Counts | null): number {
  let { bit, index, mean, off, runs, beyond } = walk;
  let total = 0;
  while (index <= high) {
    let count = 0;
    if (mean < FULL) {
      let parameter = parameterOf(runs);
      const run = riceAt(bit, parameter);
      if (run < 0) break;
      const behind = bit + (run >>> parameter) + 1 + parameter;
      parameter = parameterOf(beyond);
      const more = riceAt(behind, parameter);
      if (more < 0) break;
      bit = behind + (more >>> parameter) + 1 + parameter;
      runs = towards(runs, run, 2);
      beyond = towards(beyond, more, 2);
      mean = afterRun(mean, run, more);
      off = offAfterRun(mean);
      index += run;
      count = more + 1;
    } else {
      const wider = widened(mean, index);
      const parameter = parameterOf(off);
      const difference = riceAt(bit, parameter);
      if (difference < 0) break;
      bit += (difference >>> parameter) + 1 + parameter;
      count = unfolded(difference, (wider + 8) >> 4);
      off = towards(off, difference, 3);
      mean = towards(wider, count, 3);
      if (mean < FULL) {
        runs = RUNS_AFTER_FULL;
        beyond = BEYOND_AFTER_FULL;
      }
    }
    into[index]! += count;
    if (also !== null) also[index]! += count;
    total += count;
    index++;
  }
  walk.bit = bit;
  walk.index = index;
  walk.mean = mean;
  walk.off = off;
  walk.runs = runs;
  walk.beyond = beyond;
  return total;
}

/** Adds the next bucket, of which a number stands as a whole. */
function addWhole(into: Counts, also: Counts | null): number {
  let count: number;
  if (walk.mean < FULL) {
    const run = take(parameterOf(walk.runs));
    const more = take(parameterOf(walk.beyond));
    walk.runs = towards(walk.runs, run, 2);
    walk.beyond = towards(walk.beyond, more, 2);
    walk.mean = afterRun(walk.mean, run, more);
    walk.off = offAfterRun(walk.mean);
    walk.index += run;
    count = more + 1;
  } else {
    const wider = widened(walk.mean, walk.index);
    const difference = take(parameterOf(walk.off));
    count = unfolded(difference, (wider + 8) >> 4);
    walk.off = towards(walk.off, difference, 3);
    walk.mean = towards(wider, count, 3);
    if (walk.mean < FULL) [walk.runs, walk.beyond] = [RUNS_AFTER_FULL, BEYOND_AFTER_FULL];
  }
  into[walk.index]! += count;
  if (also !== null) also[walk.index]! += count;
  walk.index++;
  return count;
}

/** Reads a code, a whole number too, and moves behind it. */
function take(parameter: number): number {
  const value = riceAt(walk.bit, parameter);
  if (value >= 0) {
    walk.bit += (value >>> parameter) + 1 + parameter;
    return value;
  }
  const at = walk.bit + LONGEST_PREFIX + 1;
  walk.bit = at + WHOLE_BITS;
  return (bitsAt(at) >>> 8) * 2 ** 32 + (bitsAt(at + 24) >>> 16) * 65_536 + (bitsAt(at + 40) >>> 16);
}
