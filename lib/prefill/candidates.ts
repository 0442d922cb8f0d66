/** Users worth keeping apart, in columns: a row is a user at a definition. */
export class Candidates {
  size = 0;
  definition = new Uint8Array(64);
  user = new Int32Array(64);
  group = new Uint8Array(64);
  /** Cold visits an hour. */
  coldPerHour = new Float32Array(64);
  /** P(visit within the time to live | signal). */
  use = new Float32Array(64);
  costUs = new Float32Array(64);
  /** P(no write comes between a fill and the visit that it is for). */
  kept = new Float32Array(64);
  /** Misses seen on even and on odd days. */
  even = new Float32Array(64);
  odd = new Float32Array(64);
  /** By row and threshold: misses above it on even and on odd days, and the share of hits above it, shrunk. */
  overEven: Float32Array;
  overOdd: Float32Array;
  hitTail: Float32Array;

  constructor(readonly steps: number) {
    this.overEven = new Float32Array(64 * steps);
    this.overOdd = new Float32Array(64 * steps);
    this.hitTail = new Float32Array(64 * steps);
  }

  /** Makes room for a row and returns its place; its numbers are 0. */
  add(): number {
    if (this.size === this.user.length) this.grow();
    return this.size++;
  }

  private grow(): void {
    const rows = this.size * 2;
    this.definition = moved(this.definition, new Uint8Array(rows));
    this.group = moved(this.group, new Uint8Array(rows));
    this.user = moved(this.user, new Int32Array(rows));
    for (const column of ROWS) this[column] = moved(this[column], new Float32Array(rows));
    for (const column of TAILS) this[column] = moved(this[column], new Float32Array(rows * this.steps));
  }
}

const ROWS = ["coldPerHour", "use", "costUs", "kept", "even", "odd"] as const;
const TAILS = ["overEven", "overOdd", "hitTail"] as const;

function moved<From, Into extends { set(from: From): void }>(from: From, into: Into): Into {
  into.set(from);
  return into;
}
