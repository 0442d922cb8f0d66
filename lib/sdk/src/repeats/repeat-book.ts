import { addRepeat, FEW_REPEATS, mergeRepeats, noRepeats, shapeOf } from "../../../loading/index.ts";
import type { ParentSeen, RepeatSums } from "../../../loading/index.ts";
import type { Models } from "./models.ts";
import type { Kind, RequestRepeats } from "./request-repeats.ts";

/** Statements of endpoints that are followed; what more there are is counted in `beyond`. */
const MOST_FOLLOWED = 500;
const HOUR_MS = 3_600_000;
/** New parents that a request may name. */
const NEAREST = 2;

/** A statement that ran again and again in a request of an endpoint. */
export interface Followed {
  readonly endpoint: string;
  readonly fingerprint: string;
  /** A text of it, with its values in it if the app writes them there: not to be told. */
  readonly text: string;
  readonly op: string | undefined;
  /** Texts of the statements that may be its parents, by fingerprint. */
  readonly parentTexts: Map<string, string>;
  /** Of the hours before this one. */
  earlier: RepeatSums;
  /** Of the hour that began at `hourMs`, by the wall clock. */
  hour: RepeatSums;
  hourMs: number;
}

/** The sums of a statement in one hour. */
export interface ToldHour {
  followed: Followed;
  hourMs: number;
  sums: RepeatSums;
}

/** What repeats over the requests of this process. Only statements that once ran `FEW_REPEATS` times in a request are followed. */
export class RepeatBook {
  readonly #endpoints = new Map<string, Map<string, Followed>>();
  readonly #models: () => Models | undefined;
  /** What has changed since it was told last, and hours that ended since. */
  readonly #changed = new Set<Followed>();
  #ended: ToldHour[] = [];
  #size = 0;
  /** How many times a statement was not followed since too many are. */
  beyond = 0;

  constructor(models: () => Models | undefined) {
    this.#models = models;
  }

  /** Adds a request, or a job, that is over. */
  add(endpoint: string, repeats: RequestRepeats, latencyUs: number, nowMs: number): void {
    const followed = this.#endpoints.get(endpoint);
    for (const kind of repeats.kinds) {
      const known = followed?.get(kind.fingerprint);
      if (known === undefined && kind.n < FEW_REPEATS) continue;
      const entry = known ?? this.#follow(endpoint, kind, nowMs);
      if (entry !== undefined) this.#count(entry, { kind, repeats, latencyUs, nowMs });
    }
  }

  get all(): Followed[] {
    return [...this.#endpoints.values()].flatMap((of) => [...of.values()]);
  }

  /** The hours whose sums have changed since this was asked last. Told again, they take the place of what was told before. */
  takeChanged(): ToldHour[] {
    const changed = [...this.#changed].map((followed) => ({ followed, hourMs: followed.hourMs, sums: followed.hour }));
    const all = [...this.#ended, ...changed];
    this.#ended = [];
    this.#changed.clear();
    return all;
  }

  #count(entry: Followed, of: { kind: Kind; repeats: RequestRepeats; latencyUs: number; nowMs: number }): void {
    const { kind, repeats, latencyUs, nowMs } = of;
    this.#turn(entry, nowMs);
    const parents = parentsOf(kind, repeats, entry.hour);
    for (const parent of parents) remember(entry, parent);
    addRepeat(entry.hour, repeatOf(kind, latencyUs), parents.map(seen));
    this.#changed.add(entry);
  }

  /** A wall clock that goes back begins an hour anew; its totals are told under that hour and add up all the same. */
  #turn(entry: Followed, nowMs: number): void {
    const hourMs = hourOf(nowMs);
    if (entry.hourMs === hourMs) return;
    if (this.#changed.has(entry) && this.#ended.length < MOST_FOLLOWED)
      this.#ended.push({ followed: entry, hourMs: entry.hourMs, sums: entry.hour });
    mergeRepeats(entry.earlier, entry.hour);
    entry.hour = noRepeats();
    entry.hourMs = hourMs;
  }

  #follow(endpoint: string, kind: Kind, nowMs: number): Followed | undefined {
    const op = kind.asked.op ?? opIn(kind.asked.text);
    if (this.#comesWithAnother(kind, op)) return undefined;
    if (this.#size >= MOST_FOLLOWED) {
      this.beyond++;
      return undefined;
    }
    this.#size++;
    const { fingerprint, asked } = kind;
    const sums = { earlier: noRepeats(), hour: noRepeats(), hourMs: hourOf(nowMs) };
    const entry = { endpoint, fingerprint, text: asked.text, op, parentTexts: new Map<string, string>(), ...sums };
    const of = this.#endpoints.get(endpoint) ?? new Map<string, Followed>();
    this.#endpoints.set(endpoint, of.set(fingerprint, entry));
    return entry;
  }

  /** A relation that Prisma loads for another statement of its own: that one repeats, and is what can be changed. */
  #comesWithAnother({ asked }: Kind, op: string | undefined): boolean {
    const model = op?.split(".")[0];
    const table = model === undefined ? undefined : this.#models()?.tableOf(model);
    return table !== undefined && shapeOf(asked.text).table !== table;
  }
}

export const hourOf = (nowMs: number): number => Math.floor(nowMs / HOUR_MS) * HOUR_MS;

/** Those that are known, and those whose rows are nearest to the number of statements. */
function parentsOf(kind: Kind, repeats: RequestRepeats, { parents }: RepeatSums): Kind[] {
  const before = repeats.before(kind).filter(({ rows, fingerprint }) => rows > 0 && fingerprint !== kind.fingerprint);
  const known = before.filter(({ fingerprint }) => parents.some((parent) => parent.fingerprint === fingerprint));
  if (kind.n < FEW_REPEATS) return known;
  const away = ({ rows }: Kind): number => Math.abs(rows - kind.n);
  const nearest = before.toSorted((a, b) => away(a) - away(b)).slice(0, NEAREST);
  return [...new Set([...known, ...nearest])];
}

function remember({ parentTexts }: Followed, { fingerprint, asked }: Kind): void {
  if (parentTexts.size < NEAREST * 8 && !parentTexts.has(fingerprint)) parentTexts.set(fingerprint, asked.text);
}

function seen({ fingerprint, asked, rows, n }: Kind): ParentSeen {
  return { fingerprint, op: asked.op ?? opIn(asked.text), rows, statements: n };
}

function repeatOf(kind: Kind, latencyUs: number) {
  const { n, distinct, rows, failed, changed, parallel, busyMs, pauses } = kind;
  const busyUs = Math.round(busyMs * 1_000);
  return { n, distinct, rows, failed, changed, parallel, paused: pauses * 2 > n, busyUs, latencyUs };
}

/** Where the pool below Prisma is wrapped, the comment in front says the op. */
function opIn(text: string): string | undefined {
  return /^\/\*tf:(?:route=[^,*]*,)?op=([^,*]+)\*\//.exec(text)?.[1];
}
