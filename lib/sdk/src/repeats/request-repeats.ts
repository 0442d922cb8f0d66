import { hashOfParameters } from "./parameters.ts";

/** What is known of a statement when it begins, besides its fingerprint. */
export interface Asked {
  text: string;
  /** Prisma's model and action. */
  op: string | undefined;
  parameters: readonly unknown[] | undefined;
}

/** Kinds of statements that one request may have; what is beyond is not looked at. */
const MOST_KINDS = 50;
/** More sets of parameters are taken to be different. */
const MOST_SETS = 64;
/** Who waits longer than this between two of a kind, and longer than they take, waits on purpose. */
const PAUSE_MS = 5;

/** All statements of one fingerprint and op in one request. */
export class Kind {
  n = 0;
  rows = 0;
  failed = 0;
  changed = false;
  parallel = false;
  busyMs = 0;
  pauses = 0;
  /** Whether one of them had an answer. */
  isAnswered = false;
  /** How many other kinds had been answered when it began. */
  readonly after: number;
  readonly #sets = new Set<number>();
  #beyond = 0;
  #running = 0;
  #busySinceMs = 0;
  #idleSinceMs = 0;
  #lastSet = 0;
  #lastRows = -1;

  constructor(
    readonly fingerprint: string,
    readonly asked: Pick<Asked, "text" | "op">,
    after: number,
  ) {
    this.after = after;
  }

  get distinct(): number {
    return this.#sets.size + this.#beyond;
  }

  begin({ parameters, text }: Asked, atMs: number): number {
    const set = hashOfParameters(parameters, text);
    if (this.#sets.size < MOST_SETS) this.#sets.add(set);
    else if (!this.#sets.has(set)) this.#beyond++;
    if (this.#running++ > 0) this.parallel = true;
    else this.#busy(atMs);
    this.n++;
    return set;
  }

  // oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
  end(set: number, atMs: number, rows: number, failed: boolean): void {
    if (set === this.#lastSet && this.#lastRows >= 0 && rows !== this.#lastRows) this.changed = true;
    this.#lastSet = set;
    this.#lastRows = rows;
    this.rows += rows;
    if (failed) this.failed++;
    if (--this.#running > 0) return;
    this.busyMs += atMs - this.#busySinceMs;
    this.#idleSinceMs = atMs;
  }

  #busy(atMs: number): void {
    this.#busySinceMs = atMs;
    const pauseMs = atMs - this.#idleSinceMs;
    if (this.n > 0 && pauseMs > Math.max(PAUSE_MS, this.busyMs / this.n)) this.pauses++;
  }
}

const CONTROL = /^(?:begin|start|commit|rollback|savepoint|release|set|reset|show|discard)\b/;

/** What repeats in one request, and what was answered before it, in memory that is bounded whatever it asks for. */
export class RequestRepeats {
  /** By fingerprint, then by op: two models' statements rarely read alike. */
  readonly #kinds = new Map<string, Kind>();
  /** In the order in which they were first answered. */
  readonly #answered: Kind[] = [];
  /** Calls by op, and where those stand that are made again and again: see `CallSites`. */
  readonly calls = new Map<string, number>();

  /** Gives what to hand to `end`; undefined for what is not looked at. */
  kindOf(fingerprint: string, asked: Asked): Kind | undefined {
    const known = this.#kinds.get(fingerprint);
    if (known !== undefined) return known;
    if (this.#kinds.size >= MOST_KINDS || CONTROL.test(fingerprint)) return undefined;
    const kind = new Kind(fingerprint, { text: asked.text, op: asked.op }, this.#answered.length);
    this.#kinds.set(fingerprint, kind);
    return kind;
  }

  /** It has an answer: what begins from now on may have been begun for its rows. */
  answered(kind: Kind): void {
    if (kind.isAnswered) return;
    kind.isAnswered = true;
    this.#answered.push(kind);
  }

  get kinds(): IterableIterator<Kind> {
    return this.#kinds.values();
  }

  /** What had been answered before the first of a kind began, last first. */
  before(kind: Kind): Kind[] {
    return this.#answered.slice(0, kind.after).toReversed();
  }
}
