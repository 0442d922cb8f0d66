/** What is stored for a key. Its names are short, as it is stored with every value. */
export interface Entry {
  /** The versions that the value was loaded under. When others are current, it was invalidated since. */
  v: string;
  /** Fresh until then, in milliseconds since the epoch by the clock of the process that stored it. */
  e: number;
  /** The decision that it was filled for, and the end of its window. */
  f?: string;
  u?: number;
  /** The value; absent when that is `undefined`. */
  d?: unknown;
}

/** What was found in the store: nothing that can be used, a value, or one past its time. */
export type Freshness = "none" | "fresh" | "stale";

/** A store may hold anything under our key: what is not ours counts as absent. */
export function entryOf(stored: unknown): Entry | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { v, e } = stored as Partial<Entry>;
  return typeof v === "string" && typeof e === "number" ? (stored as Entry) : undefined;
}

/**
 * Whether an entry may be served. `current` is null when the key has no version: then it was invalidated, or it and its
 * version were evicted, and nothing that was loaded before may be served.
 */
export function freshness(
  entry: Entry | undefined,
  current: string | null,
  when: { nowMs: number; staleMs: number },
): Freshness {
  if (entry === undefined || current === null || entry.v !== current) return "none";
  if (when.nowMs < entry.e) return "fresh";
  return when.nowMs < entry.e + when.staleMs ? "stale" : "none";
}

/** The time to live, up to 10 % shorter or longer. `random` is in [0, 1). */
export function jittered(ttlMs: number, random: number): number {
  return Math.max(1, Math.round(ttlMs * (0.9 + 0.2 * random)));
}

/** The decision whose first visit this could be: the entry was filled for it, and its window is still open. */
export function decisionOf(entry: Entry, nowMs: number): string | undefined {
  return entry.f !== undefined && nowMs < (entry.u ?? 0) ? entry.f : undefined;
}
