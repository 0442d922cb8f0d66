import type { KeyboardEvent } from "react";

const PRESSED = "a[href], button:not([disabled]), [role=checkbox]";
/** Figures with more to say (cell-hint.tsx): no stops of the tab key, of which there would be thousands. */
const REACHED = `${PRESSED}, [title][tabindex="-1"]`;

/**
 * For a table's body: arrow keys go from row to row within the column that has the focus, and within a row from its link
 * to the figures that have more to say.
 */
export function moveByRow(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  const cell = target.closest("td");
  const row = target.closest("tr");
  if (cell === null || row === null) return;
  const wanted = WANTED[event.key]?.(row, { cell, target });
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
}

interface Place {
  cell: HTMLTableCellElement;
  target: HTMLElement;
}

const WANTED: Record<string, (row: HTMLTableRowElement, place: Place) => HTMLElement | null | undefined> = {
  ArrowDown: (row, { cell }) => inRows(row, "nextElementSibling", cell.cellIndex),
  ArrowUp: (row, { cell }) => inRows(row, "previousElementSibling", cell.cellIndex),
  ArrowRight: (row, place) => beside(row, place, 1),
  ArrowLeft: (row, place) => beside(row, place, -1),
};

/** In the nearest row that has anything to reach: in the same column, else in the last one before it. */
function inRows(from: Element, step: "nextElementSibling" | "previousElementSibling", column: number) {
  for (let next = from[step]; next !== null; next = next[step]) {
    const reached = reachedIn(next);
    const wanted = reached.findLast((one) => (one.closest("td")?.cellIndex ?? 0) <= column) ?? reached[0];
    if (wanted !== undefined) return wanted;
  }
  return null;
}

function beside(row: Element, { target }: Place, step: 1 | -1): HTMLElement | undefined {
  const reached = reachedIn(row);
  return reached[reached.findIndex((one) => one.contains(target)) + step];
}

/** What a narrow page leaves out is not reached. */
const reachedIn = (row: Element): HTMLElement[] =>
  [...row.querySelectorAll<HTMLElement>(REACHED)].filter((one) => one.getClientRects().length > 0);

/** Puts the focus on the first row of the table of this name. */
export function focusFirstRow(table: string): void {
  document.querySelector<HTMLElement>(`table[aria-label="${CSS.escape(table)}"] tbody :is(${PRESSED})`)?.focus();
}
