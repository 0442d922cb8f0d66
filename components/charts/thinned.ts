/** Neighbours of a long list as at most `most` groups of equal size, for what is drawn small. */
export function groupsOf<T>(list: readonly T[], most: number): T[][] {
  const size = Math.max(1, Math.ceil(list.length / most));
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** The highest known value; percentiles are never averaged, so the worst of a stretch stands for it. */
export function highestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
