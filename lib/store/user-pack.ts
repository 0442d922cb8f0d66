import { ByteWriter } from "../histogram/index.ts";
import { highOf, keyOf, lowOf } from "./user-key.ts";

/**
 * How a row of the user tables packs a chunk of users, sorted by key:
 *
 *   version  1 byte
 *            1 byte    not used, 0
 *   count    u16       users in the chunk
 *   keys     8 bytes a user, big-endian: signed high half, unsigned low half
 *   ends     u32 a user: where its histograms end, counted from the start of the first
 *   then, for each user, for each series: kind (1 byte), length (varint), payload
 *
 * Keys and ends lie in columns, so that one user is found by binary search without reading the others.
 */
const VERSION = 1;
const HEADER = 4;
const KEY_BYTES = 8;
const END_BYTES = 4;

/** Most users that a chunk holds. */
export const CHUNK_USERS = 1024;
/** A chunk ends with the user with whom its histograms grow beyond this. */
const CHUNK_BYTES = 256 * 1024;

/** What a user's histogram tells: all requests, those that hit the cache, those that missed it. */
export const KINDS = ["latency", "hit", "miss"] as const;
export type Kind = (typeof KINDS)[number];
export const LATENCY = 0;
export const HIT = 1;
export const MISS = 2;

/** Where a payload lies. */
export interface Piece {
  /** Place in `KINDS`. */
  kind: number;
  bytes: Uint8Array;
  start: number;
  end: number;
}

export interface UserSeriesPieces {
  /** Signed high half of the key. */
  high: number;
  /** Unsigned low half of the key. */
  low: number;
  /** At most one a kind. */
  pieces: readonly Piece[];
}

/** A row of a user table, but for endpoint, start and part. */
export interface UserChunk {
  keyLow: bigint;
  keyHigh: bigint;
  users: number;
  payload: Uint8Array<ArrayBuffer>;
}

/** Called with the halves of a key and one of its histograms: `piece.bytes` from `piece.start` to `piece.end`. The piece is reused. */
export type VisitUser = (high: number, low: number, piece: Readonly<Piece>) => void;

/** Packs users, which must come sorted by key and without repeats, into as many chunks as they need. */
export function packUsers(users: Iterable<UserSeriesPieces>): UserChunk[] {
  const packer = new UserPacker();
  for (const { high, low, pieces } of users) {
    packer.user(high, low);
    for (const { kind, bytes, start, end } of pieces) packer.piece(kind, bytes, start, end);
  }
  return packer.finish();
}

/** Packs users one after another: `user`, then its pieces, at most one a kind. Users come sorted by key, without repeats. */
export class UserPacker {
  private readonly chunks: UserChunk[] = [];
  private readonly highs = new Int32Array(CHUNK_USERS);
  private readonly lows = new Uint32Array(CHUNK_USERS);
  private readonly ends = new Uint32Array(CHUNK_USERS);
  private readonly histograms = new ByteWriter(32 * 1024);
  private count = 0;

  /** Begins a user with the halves of its key. */
  user(high: number, low: number): void {
    if (this.count === CHUNK_USERS || this.histograms.at > CHUNK_BYTES) this.close();
    this.highs[this.count] = high;
    this.lows[this.count] = low;
    this.ends[this.count++] = this.histograms.at;
  }

  /** Adds a histogram of the current user: the payload in `bytes` from `start` to `end`. */
  // oxlint-disable-next-line max-params -- called for every histogram that is stored
  piece(kind: number, bytes: Uint8Array, start: number, end: number): void {
    const out = this.histograms;
    out.byte(kind);
    out.varint(end - start);
    out.ensure(end - start);
    // Most payloads are some ten bytes: a loop is faster than making a view for `set`.
    for (let from = start; from < end; from++) out.bytes[out.at++] = bytes[from]!;
    this.ends[this.count - 1] = out.at;
  }

  /** Adds a histogram whose payload is all of `bytes`. */
  whole(kind: number, bytes: Uint8Array): void {
    this.piece(kind, bytes, 0, bytes.length);
  }

  finish(): UserChunk[] {
    if (this.count > 0) this.close();
    return this.chunks;
  }

  private close(): void {
    const { count, highs, lows, ends, histograms } = this;
    const behindKeys = HEADER + count * KEY_BYTES;
    const payload = new Uint8Array(behindKeys + count * END_BYTES + histograms.at);
    const view = new DataView(payload.buffer);
    payload[0] = VERSION;
    view.setUint16(2, count);
    for (let user = 0; user < count; user++) {
      view.setInt32(HEADER + user * KEY_BYTES, highs[user]!);
      view.setUint32(HEADER + user * KEY_BYTES + 4, lows[user]!);
      view.setUint32(behindKeys + user * END_BYTES, ends[user]!);
    }
    payload.set(histograms.written(), behindKeys + count * END_BYTES);
    const [keyLow, keyHigh] = [keyOf(highs[0]!, lows[0]!), keyOf(highs[count - 1]!, lows[count - 1]!)];
    this.chunks.push({ keyLow, keyHigh, users: count, payload });
    this.count = 0;
    histograms.at = 0;
  }
}

/** Reads the users of a chunk in the order of their keys, one after another. Trusted bytes of our own. */
export class UserCursor {
  /** Users in the chunk. */
  readonly count: number;
  private readonly view: DataView;
  private readonly histograms: number;
  private index = 0;

  /** @throws Error when the chunk was written in a form that this version does not know. */
  constructor(readonly bytes: Uint8Array) {
    if (bytes[0] !== VERSION) throw new Error(`user chunk of form ${bytes[0]}, this version reads ${VERSION}`);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = this.view.getUint16(2);
    this.histograms = HEADER + this.count * (KEY_BYTES + END_BYTES);
  }

  /** Whether every user has been passed. */
  get done(): boolean {
    return this.index >= this.count;
  }

  /** Signed high half of the current user's key. */
  get high(): number {
    return this.view.getInt32(HEADER + this.index * KEY_BYTES);
  }

  /** Unsigned low half of the current user's key. */
  get low(): number {
    return this.view.getUint32(HEADER + this.index * KEY_BYTES + 4);
  }

  next(): void {
    this.index++;
  }

  /** Where the histograms of the current user begin, and where they end. */
  get start(): number {
    return this.endOf(this.index - 1);
  }

  get end(): number {
    return this.endOf(this.index);
  }

  /** Visits the histograms of the current user. The piece is reused. */
  eachPiece(visit: (piece: Readonly<Piece>) => void): void {
    const { bytes, start, end } = this;
    const piece: Piece = { kind: 0, bytes, start, end: start };
    while (piece.end < end) {
      readPiece(piece);
      visit(piece);
    }
  }

  /** Moves to the user with this key; false when the chunk does not have it. */
  find(high: number, low: number): boolean {
    let from = 0;
    let to = this.count;
    while (from < to) {
      this.index = (from + to) >>> 1;
      const order = this.high - high || this.low - low;
      if (order === 0) return true;
      if (order < 0) from = this.index + 1;
      else to = this.index;
    }
    this.index = this.count;
    return false;
  }

  private endOf(index: number): number {
    if (index < 0) return this.histograms;
    return this.histograms + this.view.getUint32(HEADER + this.count * KEY_BYTES + index * END_BYTES);
  }
}

/** Moves a piece to the one that follows it. */
function readPiece(piece: Piece): void {
  let at = piece.end;
  piece.kind = piece.bytes[at++]!;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = piece.bytes[at++]!;
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  piece.start = at;
  piece.end = at + length;
}

/** Visits every histogram of a chunk, in the order of keys. The piece is reused: they lie one behind the other. */
export function eachUser(bytes: Uint8Array, visit: VisitUser): void {
  const cursor = new UserCursor(bytes);
  const piece: Piece = { kind: 0, bytes, start: 0, end: cursor.start };
  for (; !cursor.done; cursor.next()) {
    const { high, low, end } = cursor;
    while (piece.end < end) {
      readPiece(piece);
      visit(high, low, piece);
    }
  }
}

/** Visits the histograms of one user of a chunk; false when the chunk does not have the key. */
export function findUser(bytes: Uint8Array, key: bigint, visit: (piece: Readonly<Piece>) => void): boolean {
  const cursor = new UserCursor(bytes);
  if (!cursor.find(highOf(key), lowOf(key))) return false;
  cursor.eachPiece(visit);
  return true;
}
