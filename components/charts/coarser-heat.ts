import type { HeatMap } from "@/lib/query/answers";

/** The same counts in at most so many rows and columns: neighbours are added up, nothing is lost. */
export function coarser(map: HeatMap, most: { rows: number; columns: number }): HeatMap {
  const tall = Math.max(1, Math.ceil(map.rowsFromUs.length / most.rows));
  const wide = Math.max(1, Math.ceil(map.columns.length / most.columns));
  const rowsFromUs = map.rowsFromUs.filter((_, row) => row % tall === 0);
  const columns: HeatMap["columns"] = [];
  map.columns.forEach(({ at, counts }, index) => {
    if (index % wide === 0) columns.push({ at, counts: rowsFromUs.map(() => 0) });
    const into = columns.at(-1)!.counts;
    counts.forEach((count, row) => (into[Math.floor(row / tall)]! += count));
  });
  return { stepSeconds: map.stepSeconds * wide, rowsFromUs, columns };
}
