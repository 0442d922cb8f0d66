import type { KeyboardEvent } from "react";

const REACHED = "a[href], button:not([disabled]), [role=checkbox]";
const STEPS: Record<string, "nextElementSibling" | "previousElementSibling"> = {
  ArrowDown: "nextElementSibling",
  ArrowUp: "previousElementSibling",
};

/** For a table's body: arrow keys go from row to row within the column that has the focus. */
export function moveByRow(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const row = (event.target as HTMLElement).closest("tr");
  if (step === undefined || row === null) return;
  const place = reachedIn(row).findIndex((one) => one.contains(event.target as Node));
  for (let next = row[step]; next !== null; next = next[step]) {
    const reached = reachedIn(next);
    const wanted = reached[Math.min(place, reached.length - 1)];
    if (wanted === undefined) continue;
    event.preventDefault();
    wanted.focus();
    return;
  }
}

const reachedIn = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>(REACHED)];

/** Puts the focus on the first row of the table of this name. */
export function focusFirstRow(table: string): void {
  document.querySelector<HTMLElement>(`table[aria-label="${CSS.escape(table)}"] tbody :is(${REACHED})`)?.focus();
}
