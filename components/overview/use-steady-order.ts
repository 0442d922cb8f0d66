"use client";
import { useState } from "react";

interface SteadyOrder<T> {
  rows: T[];
  /** For the element that holds the rows. */
  hold: { onPointerEnter: () => void; onPointerLeave: () => void };
}

/**
 * Keeps rows where they are while the pointer is over them: a refresh changes figures, never what is under the pointer.
 * @param key changes when the reader asks for another order
 */
export function useSteadyOrder<T extends { id: number }>(sorted: T[], key: string): SteadyOrder<T> {
  const [held, setHeld] = useState<{ key: string; ids: number[] } | null>(null);
  const rows = held?.key === key ? inOrder(sorted, held.ids) : sorted;
  const hold = {
    onPointerEnter: () => setHeld({ key, ids: sorted.map(({ id }) => id) }),
    onPointerLeave: () => setHeld(null),
  };
  return { rows, hold };
}

/** Rows in a former order; new ones at the end. */
export function inOrder<T extends { id: number }>(rows: readonly T[], ids: readonly number[]): T[] {
  const place = new Map(ids.map((id, index) => [id, index]));
  const placeOf = (row: T) => place.get(row.id) ?? ids.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
