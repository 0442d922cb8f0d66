"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useState, useSyncExternalStore, type RefObject } from "react";

/** Up to so many rows all are drawn; above, only those in sight. */
const ALL_ROWS = 200;
/** Rows that stand for those in sight until the window was measured, on the server, too. */
const FIRST_ROWS = 60;

/** The height of a row, for its class list, and the same in px: a finger needs more room than a pointer. */
export const ROW_HEIGHT = "h-[35px] touch:h-11";
const [FINE_PX, TOUCH_PX] = [35, 44];
const TOUCH = "(width < 640px), (pointer: coarse)";

interface RowsInSight {
  /** Indexes of the rows to draw. */
  items: number[];
  /** Room that the rows left out take, px. */
  before: number;
  after: number;
}

interface Rows {
  count: number;
  /** Their height; without it that of `ROW_HEIGHT`. */
  rowPx?: number;
}

/** Which rows of a long table lie in the window, for a table that scrolls with its page. */
export function useRowsInSight(body: RefObject<HTMLElement | null>, { count, rowPx: own }: Rows): RowsInSight {
  const usualPx = useSyncExternalStore(listenForTouch, isTouch, () => false) ? TOUCH_PX : FINE_PX;
  const rowPx = own ?? usualPx;
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const top = body.current?.getBoundingClientRect().top ?? 0;
    setScrollMargin(top + window.scrollY);
  }, [body]);
  // oxlint-disable-next-line react/incompatible-library -- its functions are called here alone, and nothing memoises them
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollMargin,
    enabled: count > ALL_ROWS,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rowPx]);
  if (count <= ALL_ROWS) return { items: firstRows(count), before: 0, after: 0 };
  const seen = virtual.getVirtualItems();
  if (seen.length === 0) return { items: firstRows(FIRST_ROWS), before: 0, after: (count - FIRST_ROWS) * rowPx };
  const before = seen[0]!.start - scrollMargin;
  const after = virtual.getTotalSize() - (seen.at(-1)!.end - scrollMargin);
  return { items: seen.map(({ index }) => index), before, after };
}

const isTouch = () => window.matchMedia(TOUCH).matches;

function listenForTouch(listener: () => void): () => void {
  const query = window.matchMedia(TOUCH);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

const firstRows = (count: number) => Array.from({ length: count }, (_, i) => i);
