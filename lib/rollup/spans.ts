import type { PayloadRange } from "../histogram/index.ts";
import { OUTCOMES } from "../wire/index.ts";

/** What falls into the windows of one span, still to be added up. The key is `windowKey`. */
export type SpanWindows = Map<number, PayloadRange[]>;

/** The key of a window, by its number in the span, and an outcome, by its place in `OUTCOMES`. */
export const windowKey = (offset: number, outcome: number): number => offset * OUTCOMES.length + outcome;
export const offsetOf = (key: number): number => Math.floor(key / OUTCOMES.length);
export const outcomeOf = (key: number): number => key % OUTCOMES.length;

/** The start of the stretch of so many seconds that holds a moment, Unix milliseconds. */
export const floorTo = (ms: number, seconds: number): number => Math.floor(ms / (seconds * 1000)) * seconds * 1000;
