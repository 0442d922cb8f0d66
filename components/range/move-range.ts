import type { TimeRange } from "./view";

export interface Stretch {
  from: Date;
  to: Date;
}

/** No range is narrower than six windows as they are sent. */
const NARROWEST_MS = 60_000;
const WIDEST_MS = 400 * 86_400_000;

/** One width back (−1) or forward (+1); never past now. */
export function stepRange(range: TimeRange, direction: -1 | 1, nowMs: number): Stretch {
  const width = range.toMs - range.fromMs;
  const toMs = Math.min(nowMs, range.toMs + direction * width);
  return stretch(toMs - width, toMs);
}

/** Twice as wide around the same middle; what would lie ahead of now is taken from before. */
export function widenRange(range: TimeRange, nowMs: number): Stretch {
  const width = Math.min(WIDEST_MS, 2 * (range.toMs - range.fromMs));
  const middle = (range.fromMs + range.toMs) / 2;
  const toMs = Math.min(nowMs, middle + width / 2);
  return stretch(toMs - width, toMs);
}

/** What was dragged over, in either direction, in whole seconds; at least a minute. */
export function narrowRange(oneMs: number, otherMs: number): Stretch {
  const from = Math.min(oneMs, otherMs);
  const to = Math.max(oneMs, otherMs);
  const missing = Math.max(0, NARROWEST_MS - (to - from));
  return stretch(from - missing / 2, to + missing / 2);
}

function stretch(fromMs: number, toMs: number): Stretch {
  return { from: new Date(Math.floor(fromMs / 1_000) * 1_000), to: new Date(Math.ceil(toMs / 1_000) * 1_000) };
}
