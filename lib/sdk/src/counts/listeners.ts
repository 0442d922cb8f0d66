import type { Count, CountKind, CountReason } from "./count.ts";

/** A count that was answered. It holds no value of the app's. */
export interface ToldCount {
  /** The statement whose rows were counted, without its values. */
  shape: string;
  kind: CountKind;
  because: CountReason;
  /** From asking the planner until the answer, milliseconds. */
  ms: number;
  qErrorP95: number | null;
  /** How far off the estimate was, where it was compared with an exact count. */
  qError?: number;
}

export type CountsListener = (count: ToldCount) => void;

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package have the same listeners. */
const LISTENERS = Symbol.for("@tailfill/sdk count listeners 1");
const holder = globalThis as typeof globalThis & { [LISTENERS]?: Set<CountsListener> };
const listeners = (holder[LISTENERS] ??= new Set());

/**
 * Tells of every approximate count when it is answered: what was estimated, of which shape, and how far off it was. Gives a
 * function that ends it. Called before the count is handed on, so it must be quick; what it throws is dropped.
 */
export function onCounts(listener: CountsListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells all listeners. Never throws. */
export function tellCount(count: Count, about: { shape: string; ms: number; qError: number | undefined }): void {
  const { kind, because, qErrorP95 } = count;
  const { shape, ms, qError } = about;
  for (const listener of listeners) {
    try {
      listener({ shape, kind, because, ms, qErrorP95, ...(qError === undefined ? {} : { qError }) });
    } catch {
      // A count must not fail by who listens to it.
    }
  }
}
