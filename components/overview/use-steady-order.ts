"use client";
import { useRef, useState } from "react";

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
  const [held, setHeld] = useState(false);
  const order = useRef<{ key: string; ids: number[] }>({ key, ids: [] });
  if (!held || order.current.key !== key) order.current = { key, ids: sorted.map(({ id }) => id) };
  const rows = held ? inOrder(sorted, order.current.ids) : sorted;
  return { rows, hold: { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) } };
}

/** Rows in a former order; new ones at the end. */
export function inOrder<T extends { id: number }>(rows: readonly T[], ids: readonly number[]): T[] {
  const place = new Map(ids.map((id, index) => [id, index]));
  const placeOf = (row: T) => place.get(row.id) ?? ids.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
