import { keyOf } from "../store/user-key.ts";

const FIRST_SLOTS = 2_048;

/**
 * Counts by user key, for tens of thousands of users a question: an open-addressing table over typed arrays, because a
 * Map of bigint keys costs several times the merge itself.
 */
export class UserTable {
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private high = new Int32Array(FIRST_SLOTS);
  private low = new Uint32Array(FIRST_SLOTS);
  /** Samples, and those in the tail, by place. */
  counts = new Float64Array(FIRST_SLOTS);
  aboves = new Float64Array(FIRST_SLOTS);
  /** How many users there are: places 0…size − 1. */
  size = 0;

  /** The place of a key, made when it is new. */
  placeOf(high: number, low: number): number {
    const mask = this.slots.length - 1;
    // The key is the head of a SHA-256: its low half is as good as any hash.
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = this.slots[slot]!;
      if (place < 0) return this.add(slot, high, low);
      if (this.low[place] === low && this.high[place] === high) return place;
    }
  }

  /** The place of a key; −1 when it is not there. */
  find(high: number, low: number): number {
    const mask = this.slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = this.slots[slot]!;
      if (place < 0 || (this.low[place] === low && this.high[place] === high)) return place;
    }
  }

  add(slot: number, high: number, low: number): number {
    const place = this.size++;
    this.slots[slot] = place;
    this.high[place] = high;
    this.low[place] = low;
    if (this.size * 2 > this.slots.length) this.grow();
    return place;
  }

  keyAt(place: number): bigint {
    return keyOf(this.high[place]!, this.low[place]!);
  }

  /** Signed high half of the key at a place. */
  highAt(place: number): number {
    return this.high[place]!;
  }

  /** Unsigned low half of the key at a place. */
  lowAt(place: number): number {
    return this.low[place]!;
  }

  private grow(): void {
    const length = this.slots.length * 2;
    this.high = enlarged(this.high, new Int32Array(length));
    this.low = enlarged(this.low, new Uint32Array(length));
    this.counts = enlarged(this.counts, new Float64Array(length));
    this.aboves = enlarged(this.aboves, new Float64Array(length));
    this.slots = new Int32Array(length).fill(-1);
    for (let place = 0; place < this.size; place++) {
      let slot = this.low[place]! & (length - 1);
      while (this.slots[slot]! >= 0) slot = (slot + 1) & (length - 1);
      this.slots[slot] = place;
    }
  }
}

function enlarged<Numbers extends Int32Array | Uint32Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}
