/** Entries of one list: as many as the number of an entry has bits beside a key's high half in a double. */
const MOST_ENTRIES = 2 ** 21;
const HIGH_OFFSET = 2 ** 31;

/**
 * Histograms of users of one endpoint and window, in columns: whose (the halves of the key), of what kind, and where the payload
 * lies. Half a million of them are gathered in a fold; an object each would cost more than adding them up.
 */
export class SeriesList {
  length = 0;
  highs = new Int32Array(64);
  lows = new Uint32Array(64);
  kinds = new Uint8Array(64);
  starts = new Uint32Array(64);
  ends = new Uint32Array(64);
  private places = new Uint32Array(64);
  private readonly buffers: Uint8Array[] = [];

  /** Names the bytes in which the payloads that are added from now on lie. */
  from(bytes: Uint8Array): void {
    if (this.buffers.at(-1) !== bytes) this.buffers.push(bytes);
  }

  /** The bytes in which the payload of an entry lies. */
  bytesOf(entry: number): Uint8Array {
    return this.buffers[this.places[entry]!]!;
  }

  /** Adds an entry; then set `starts` and `ends` of the number returned. */
  add(high: number, low: number, kind: number): number {
    if (this.length === this.highs.length) this.grow();
    const entry = this.length++;
    this.highs[entry] = high;
    this.lows[entry] = low;
    this.kinds[entry] = kind;
    this.places[entry] = this.buffers.length - 1;
    return entry;
  }

  /** Adds all entries of another list. */
  append(other: SeriesList): void {
    for (let entry = 0; entry < other.length; entry++) {
      this.from(other.bytesOf(entry));
      const own = this.add(other.highs[entry]!, other.lows[entry]!, other.kinds[entry]!);
      this.starts[own] = other.starts[entry]!;
      this.ends[own] = other.ends[entry]!;
    }
  }

  /** The entries in the order of keys; those of one user in the order in which they were added. */
  sorted(): Uint32Array {
    if (this.length > MOST_ENTRIES) return this.sortedSlowly();
    // High half and entry in one double, exactly: the built-in sort of numbers needs no comparison of ours.
    const composite = new Float64Array(this.length);
    for (let entry = 0; entry < this.length; entry++)
      composite[entry] = (this.highs[entry]! + HIGH_OFFSET) * MOST_ENTRIES + entry;
    composite.sort();
    const order = new Uint32Array(this.length);
    for (let place = 0; place < order.length; place++) order[place] = composite[place]! % MOST_ENTRIES;
    return this.settleLows(order);
  }

  /** Whether two entries are of the same user. */
  same(one: number, other: number): boolean {
    return this.highs[one] === this.highs[other] && this.lows[one] === this.lows[other];
  }

  /** Insertion sort by the low half: only within users whose high halves are equal, so almost never a move. */
  private settleLows(order: Uint32Array): Uint32Array {
    for (let place = 1; place < order.length; place++) {
      const entry = order[place]!;
      let hole = place;
      while (hole > 0 && this.isAfter(order[hole - 1]!, entry)) {
        order[hole] = order[hole - 1]!;
        hole--;
      }
      order[hole] = entry;
    }
    return order;
  }

  private isAfter(one: number, other: number): boolean {
    return this.highs[one] === this.highs[other] && this.lows[one]! > this.lows[other]!;
  }

  private sortedSlowly(): Uint32Array {
    const order = Uint32Array.from({ length: this.length }, (_, entry) => entry);
    return order.sort((a, b) => this.highs[a]! - this.highs[b]! || this.lows[a]! - this.lows[b]! || a - b);
  }

  private grow(): void {
    const length = this.length * 2;
    this.highs = grown(this.highs, new Int32Array(length));
    this.lows = grown(this.lows, new Uint32Array(length));
    this.kinds = grown(this.kinds, new Uint8Array(length));
    this.starts = grown(this.starts, new Uint32Array(length));
    this.ends = grown(this.ends, new Uint32Array(length));
    this.places = grown(this.places, new Uint32Array(length));
  }
}

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
