import type { TimeRange } from "@/components/range/view";

/** The room around every plot over time, px: the same everywhere, so that charts of a page line up. */
export const ROOM = { left: 56, right: 18, top: 14, bottom: 24 } as const;

export const plotWidth = (width: number): number => Math.max(1, width - ROOM.left - ROOM.right);

/** Where a moment lies, px from the chart's left edge. */
export function xOf(atMs: number, range: TimeRange, width: number): number {
  return ROOM.left + ((atMs - range.fromMs) / (range.toMs - range.fromMs)) * plotWidth(width);
}

/** The moment under a place, within the range. */
export function momentAt(x: number, range: TimeRange, width: number): number {
  const part = Math.min(1, Math.max(0, (x - ROOM.left) / plotWidth(width)));
  return range.fromMs + part * (range.toMs - range.fromMs);
}
