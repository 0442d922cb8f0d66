import { createHash } from "node:crypto";
import type { UserLabel } from "../store/user-labels.ts";
import { OTHER_USERS } from "../wire/index.ts";

const DAY_MS = 86_400_000;
const NEVER = -1;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const OTHER = new TextEncoder().encode(OTHER_USERS);

/**
 * The users of one service that were seen of late, by the bytes of their id: an open hash table over one stretch of
 * bytes, since at hundreds of thousands of look-ups a second a string each would be most of the work. A user is a
 * number; key and last saved day lie in columns.
 */
export class UserDirectory {
  size = 0;
  /** Signed high halves of the keys, by user. */
  highs = new Int32Array(1024);
  /** Unsigned low halves of the keys, by user. */
  lows = new Uint32Array(1024);
  /** The last day whose label was saved, in days since 1970. */
  private savedDays = new Int32Array(1024);
  private hashes = new Uint32Array(1024);
  private ends = new Uint32Array(1024);
  private text = new Uint8Array(16 * 1024);
  /** User + 1 by hash; 0 is free. At most half full. */
  private slots = new Uint32Array(4096);
  private readonly unsaved = new Map<number, number>();
  private readonly prefix: Uint8Array;

  constructor(
    readonly serviceId: number,
    service: string,
  ) {
    this.prefix = new TextEncoder().encode(`${service}\0`);
  }

  /** The number of the user whose id lies in `bytes` from `start` to `end`, seen in a window that starts at `atMs`. */
  // oxlint-disable-next-line max-params -- called for every user of every batch
  find(bytes: Uint8Array, start: number, end: number, atMs: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const user = this.slots[slot]! - 1;
      if (this.hashes[user] === hash && this.isId(user, bytes, start, end)) return this.seen(user, atMs);
    }
    return this.seen(this.add(bytes.subarray(start, end), hash, slot), atMs);
  }

  /** Labels that have to be saved, each user once. They are offered again until `saved` is called. */
  labels(): UserLabel[] {
    return [...this.unsaved].map(([user, seenMs]) => {
      const key = (BigInt(this.highs[user]!) << 32n) | BigInt(this.lows[user]!);
      return { serviceId: this.serviceId, key, label: decoder.decode(this.idOf(user)), seenMs };
    });
  }

  saved(): void {
    for (const [user, seenMs] of this.unsaved) this.savedDays[user] = Math.floor(seenMs / DAY_MS);
    this.unsaved.clear();
  }

  private seen(user: number, atMs: number): number {
    if (atMs >= (this.savedDays[user]! + 1) * DAY_MS) this.note(user, atMs);
    return user;
  }

  private note(user: number, atMs: number): void {
    if ((this.unsaved.get(user) ?? NEVER) < atMs) this.unsaved.set(user, atMs);
  }

  // oxlint-disable-next-line max-params -- as `find`
  private isId(user: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = user === 0 ? 0 : this.ends[user - 1]!;
    if (this.ends[user]! - at !== end - start) return false;
    for (let from = start; from < end; from++) if (this.text[at++] !== bytes[from]) return false;
    return true;
  }

  private idOf(user: number): Uint8Array {
    return this.text.subarray(user === 0 ? 0 : this.ends[user - 1]!, this.ends[user]!);
  }

  private add(id: Uint8Array, hash: number, slot: number): number {
    const user = this.size++;
    if (user === this.highs.length) this.growColumns();
    const at = user === 0 ? 0 : this.ends[user - 1]!;
    if (at + id.length > this.text.length) this.text = grown(this.text, new Uint8Array((at + id.length) * 2));
    this.text.set(id, at);
    this.ends[user] = at + id.length;
    this.hashes[user] = hash;
    this.savedDays[user] = NEVER;
    this.setKey(user, id);
    this.slots[slot] = user + 1;
    if (this.size * 2 > this.slots.length) this.growSlots();
    return user;
  }

  /** As `userKey` of lib/store, from bytes. */
  private setKey(user: number, id: Uint8Array): void {
    if (id.length === OTHER.length && Buffer.compare(id, OTHER) === 0) return;
    const digest = createHash("sha256").update(this.prefix).update(id).digest();
    this.highs[user] = digest.readInt32BE(0);
    this.lows[user] = digest.readUInt32BE(4);
    if (this.highs[user] === 0 && this.lows[user] === 0) this.lows[user] = 1;
  }

  private growColumns(): void {
    const length = this.size * 2;
    this.highs = grown(this.highs, new Int32Array(length));
    this.lows = grown(this.lows, new Uint32Array(length));
    this.savedDays = grown(this.savedDays, new Int32Array(length));
    this.hashes = grown(this.hashes, new Uint32Array(length));
    this.ends = grown(this.ends, new Uint32Array(length));
  }

  private growSlots(): void {
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let user = 0; user < this.size; user++) {
      let slot = this.hashes[user]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = user + 1;
    }
    this.slots = slots;
  }
}

/** FNV-1a with a last mix, since ids often differ in their last digits alone. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
