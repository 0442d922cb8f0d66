import { ByteWriter } from "./byte-writer.ts";
import { type Counts, newCounts } from "./layout.ts";
import { addPayload, type Payload } from "./payload.ts";
import {
  afterRun,
  BEYOND_AFTER_FULL,
  folded,
  FULL,
  LONGEST_PREFIX,
  offAfterRun,
  parameterOf,
  RUNS_AFTER_FULL,
  START,
  TIGHT,
  towards,
  widened,
} from "./tight-model.ts";

/** The bits of Rice codes, first to last. */
class BitWriter {
  readonly out = new ByteWriter(4_096);
  private held = 0;
  private bits = 0;

  /** Up to 24 bits. */
  put(value: number, bits: number): void {
    this.held = (this.held << bits) | value;
    this.bits += bits;
    for (; this.bits >= 8; this.bits -= 8) this.out.byte((this.held >>> (this.bits - 8)) & 255);
  }

  /** A count of up to 2^53 − 1. */
  rice(value: number, parameter: number): void {
    const prefix = Math.floor(value / (1 << parameter));
    if (prefix < LONGEST_PREFIX) {
      this.put(1, prefix + 1);
      this.put(value & ((1 << parameter) - 1), parameter);
      return;
    }
    this.put(1, LONGEST_PREFIX + 1);
    this.put(Math.floor(value / 2 ** 32), 24);
    this.put(Math.floor(value / 65_536) % 65_536, 16);
    this.put(value % 65_536, 16);
  }

  finish(): void {
    if (this.bits > 0) this.put(0, 8 - this.bits);
  }
}

const scratch = newCounts();
const writer = new BitWriter();

/** Shorter ones gain nothing. */
const SHORTEST = 8;

/** A TRUSTED payload in its tight form (see tight.ts), or as it is when that is no shorter. */
export function tightened(payload: Payload): Payload {
  if (payload.length < SHORTEST || payload[0] === TIGHT) return payload;
  scratch.fill(0);
  addPayload(scratch, payload);
  let low = 0;
  while (scratch[low] === 0) low++;
  let high = scratch.length - 1;
  while (scratch[high] === 0) high--;
  writer.out.at = 0;
  writer.out.byte(TIGHT);
  writer.put(low, 12);
  writer.put(high - low, 12);
  writeBuckets(writer, scratch, low, high);
  writer.finish();
  return writer.out.at < payload.length ? writer.out.copy() : payload;
}

// oxlint-disable-next-line max-params -- the counterpart of `addTight`
function writeBuckets(to: BitWriter, counts: Counts, low: number, high: number): void {
  let { mean, off, runs, beyond } = START;
  for (let index = low; index <= high; index++) {
    if (mean < FULL) {
      let run = 0;
      for (; counts[index] === 0; index++) run++;
      const more = counts[index]! - 1;
      to.rice(run, parameterOf(runs));
      to.rice(more, parameterOf(beyond));
      runs = towards(runs, run, 2);
      beyond = towards(beyond, more, 2);
      mean = afterRun(mean, run, more);
      off = offAfterRun(mean);
      continue;
    }
    mean = widened(mean, index);
    const count = counts[index]!;
    const difference = folded(count, (mean + 8) >> 4);
    to.rice(difference, parameterOf(off));
    off = towards(off, difference, 3);
    mean = towards(mean, count, 3);
    if (mean < FULL) [runs, beyond] = [RUNS_AFTER_FULL, BEYOND_AFTER_FULL];
  }
}
