import { ByteWriter, type PayloadRange } from "../histogram/index.ts";
import { keyOf } from "./user-key.ts";

/**
 * How a row of profiles packs a chunk of users, sorted by key:
 *
 *   version  1 byte
 *            1 byte   not used, 0
 *   count    u16      users in the chunk
 *   keys     8 bytes a user, big-endian: signed high half, unsigned low half
 *   then, for each user, numbers (LEB128): cold visits, loads, microseconds of loads, writes (since version 2), the last hour
 *   with a visit (hours since 1970), bytes of misses on even days, on odd days, and of hits, hours of the week with visits; then those payloads; then
 *   for each such hour: its number (1 byte), visits (LEB128)
 */
const VERSION = 2;
/** The form without writes: read as if there had been none. */
const WITHOUT_WRITES = 1;
const HEADER = 4;
const KEY_BYTES = 8;

/** Most users that a chunk holds, and when it ends for its bytes. */
const CHUNK_USERS = 1024;
const CHUNK_BYTES = 256 * 1024;

/** The key of everybody who has no profile: the last one, so that it is added up by the time it is written. */
export const REST = { high: 0x7fff_ffff, low: 0xffff_ffff } as const;

/** Whether a profile is that of everybody who has none. */
export const isRest = ({ high, low }: Pick<Profile, "high" | "low">): boolean => high === REST.high && low === REST.low;

/** What was seen of a user at a definition or endpoint; or, under `REST`, of everybody who has no profile. */
export interface Profile {
  /** Signed high and unsigned low half of the key. */
  high: number;
  low: number;
  /** Visits for which nothing was in the cache but what a fill had put there. */
  cold: number;
  /** Computations of the value, and the work they took. */
  loads: number;
  loadUs: number;
  /** How often the user's value was invalidated. */
  writes: number;
  /** The last hour with a visit, in hours since 1970. */
  lastHour: number;
  missEven: PayloadRange;
  missOdd: PayloadRange;
  hit: PayloadRange;
  /** Visits by hour of the week: the hour and the visits, in turn, hours ascending. */
  hours: ArrayLike<number>;
}

/** A row of profiles, but for the endpoint and the layer. */
export interface ProfileChunk {
  keyLow: bigint;
  users: number;
  payload: Uint8Array;
}

/** Packs profiles one after another, which must come sorted by key and without repeats. */
export class ProfilePacker {
  private chunks: ProfileChunk[] = [];
  private readonly highs = new Int32Array(CHUNK_USERS);
  private readonly lows = new Uint32Array(CHUNK_USERS);
  private readonly records = new ByteWriter(64 * 1024);
  private count = 0;

  add({ high, low, cold, loads, loadUs, writes, lastHour, missEven, missOdd, hit, hours }: Profile): void {
    if (this.count === CHUNK_USERS || this.records.at > CHUNK_BYTES) this.close();
    this.highs[this.count] = high;
    this.lows[this.count++] = low;
    const out = this.records;
    for (const number of [cold, loads, loadUs, writes, lastHour]) out.varint(number);
    for (const { start, end } of [missEven, missOdd, hit]) out.varint(end - start);
    out.varint(hours.length / 2);
    for (const range of [missEven, missOdd, hit]) append(out, range);
    for (let at = 0; at < hours.length; at += 2) {
      out.byte(hours[at]!);
      out.varint(hours[at + 1]!);
    }
  }

  finish(): ProfileChunk[] {
    if (this.count > 0) this.close();
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }

  private close(): void {
    const { count, highs, lows, records } = this;
    const payload = new Uint8Array(HEADER + count * KEY_BYTES + records.at);
    const view = new DataView(payload.buffer);
    payload[0] = VERSION;
    view.setUint16(2, count);
    for (let user = 0; user < count; user++) {
      view.setInt32(HEADER + user * KEY_BYTES, highs[user]!);
      view.setUint32(HEADER + user * KEY_BYTES + 4, lows[user]!);
    }
    payload.set(records.written(), HEADER + count * KEY_BYTES);
    this.chunks.push({ keyLow: keyOf(highs[0]!, lows[0]!), users: count, payload });
    this.count = 0;
    records.at = 0;
  }
}

function append(out: ByteWriter, { bytes, start, end }: PayloadRange): void {
  out.ensure(end - start);
  for (let from = start; from < end; from++) out.bytes[out.at++] = bytes[from]!;
}

const NOTHING: PayloadRange = { bytes: new Uint8Array(0), start: 0, end: 0 };
type Range = { bytes: Uint8Array; start: number; end: number };

/** Reads the profiles of some chunks in the order of their keys. Each read changes the one profile that it shows. */
export class ProfileCursor implements Profile {
  high = 0;
  low = 0;
  cold = 0;
  loads = 0;
  loadUs = 0;
  writes = 0;
  lastHour = 0;
  readonly missEven: Range = { ...NOTHING };
  readonly missOdd: Range = { ...NOTHING };
  readonly hit: Range = { ...NOTHING };
  hours: number[] = [];
  private chunk = -1;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private from = 0;
  private user = 0;
  private count = 0;
  private hasWrites = true;

  /**
   * @param chunks in the order of their keys; TRUSTED bytes of our own
   * @param withHours false spares reading the hours of the week
   */
  constructor(
    private readonly chunks: readonly Uint8Array[],
    private readonly withHours = true,
  ) {}

  /** Moves to the next profile; false behind the last. */
  next(): boolean {
    while (this.user >= this.count) if (!this.open()) return false;
    this.high = this.view.getInt32(HEADER + this.user * KEY_BYTES);
    this.low = this.view.getUint32(HEADER + this.user * KEY_BYTES + 4);
    this.user++;
    this.from = this.at;
    this.cold = this.number();
    this.loads = this.number();
    this.loadUs = this.number();
    this.writes = this.hasWrites ? this.number() : 0;
    this.lastHour = this.number();
    const [even, odd, hit, hours] = [this.number(), this.number(), this.number(), this.number()];
    this.range(this.missEven, even);
    this.range(this.missOdd, odd);
    this.range(this.hit, hit);
    this.readHours(hours);
    return true;
  }

  /** Where the profile shown begins: `seek` shows it again. */
  get position(): { chunk: number; user: number; at: number } {
    return { chunk: this.chunk, user: this.user - 1, at: this.from };
  }

  /** Shows a profile whose position is known. */
  seek({ chunk, user, at }: { chunk: number; user: number; at: number }): void {
    this.chunk = chunk - 1;
    this.open();
    this.user = user;
    this.at = at;
    this.next();
  }

  private open(): boolean {
    const bytes = this.chunks[++this.chunk];
    if (bytes === undefined) return false;
    if (bytes[0] !== VERSION && bytes[0] !== WITHOUT_WRITES)
      throw new Error(`profiles of form ${bytes[0]}, this version reads ${VERSION}`);
    this.hasWrites = bytes[0] === VERSION;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = this.view.getUint16(2);
    this.user = 0;
    this.at = HEADER + this.count * KEY_BYTES;
    return true;
  }

  private number(): number {
    let value = this.bytes[this.at++]!;
    if (value < 128) return value;
    value &= 127;
    for (let factor = 128; ; factor *= 128) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  private range(into: Range, length: number): void {
    into.bytes = this.bytes;
    into.start = this.at;
    into.end = this.at += length;
  }

  private readHours(count: number): void {
    if (this.withHours) this.hours = [];
    for (let hour = 0; hour < count; hour++) {
      const number = this.bytes[this.at++]!;
      const visits = this.number();
      if (this.withHours) this.hours.push(number, visits);
    }
  }
}
