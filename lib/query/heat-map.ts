import { COUNTS_LENGTH, middleAt } from "../histogram/index.ts";
import type { HeatMap } from "./answers.ts";
import type { StepTallies, Tally } from "./tally.ts";
import { isoOf } from "./time.ts";

/** The finest rows: eight to every doubling of the latency, from 1 µs up. */
const ROWS_A_DOUBLING = 8;
const MOST_ROWS = 64;

const fineRowOf = (latencyUs: number): number => Math.floor(Math.log2(Math.max(latencyUs, 1)) * ROWS_A_DOUBLING);
const FINE_ROW = Uint16Array.from({ length: COUNTS_LENGTH }, (_, index) => fineRowOf(middleAt(index)));
const FINE_ROWS = FINE_ROW[COUNTS_LENGTH - 1]! + 1;

/** The counts of each step by latency rows that are evenly spaced in log scale, cut to the rows that are used. */
export function heatMapOf(tallies: StepTallies): HeatMap {
  const columns = tallies.map((tally, atSeconds) => ({ at: isoOf(atSeconds), fine: fineCounts(tally) }));
  const used = usedRows(columns.map(({ fine }) => fine));
  const { stepSeconds } = tallies.steps;
  if (used === null) return { stepSeconds, rowsFromUs: [], columns: columns.map(({ at }) => ({ at, counts: [] })) };
  const { first, rows, width } = layoutOf(used);
  return {
    stepSeconds,
    rowsFromUs: Array.from({ length: rows }, (_, row) => lowerBoundUs(first + row * width)),
    columns: columns.map(({ at, fine }) => ({
      at,
      counts: Array.from({ length: rows }, (_, row) => sum(fine, first + row * width, width)),
    })),
  };
}

function fineCounts(tally: Tally | undefined): Float64Array | null {
  if (tally === undefined) return null;
  const fine = new Float64Array(FINE_ROWS);
  for (let index = 0; index < COUNTS_LENGTH; index++) {
    const count = tally.counts[index]!;
    if (count > 0) fine[FINE_ROW[index]!]! += count;
  }
  return fine;
}

function usedRows(columns: readonly (Float64Array | null)[]): { first: number; last: number } | null {
  let first = FINE_ROWS;
  let last = -1;
  for (const fine of columns) {
    if (fine === null) continue;
    first = Math.min(
      first,
      fine.findIndex((count) => count > 0),
    );
    last = Math.max(
      last,
      fine.findLastIndex((count) => count > 0),
    );
  }
  return last < 0 ? null : { first, last };
}

/** Joins neighbouring fine rows, two by two, until there are few enough. */
function layoutOf({ first, last }: { first: number; last: number }): { first: number; rows: number; width: number } {
  let width = 1;
  const rows = () => Math.floor(last / width) - Math.floor(first / width) + 1;
  while (rows() > MOST_ROWS) width *= 2;
  return { first: Math.floor(first / width) * width, rows: rows(), width };
}

const lowerBoundUs = (fineRow: number): number => Math.round(2 ** (fineRow / ROWS_A_DOUBLING) * 100) / 100;

function sum(fine: Float64Array | null, from: number, length: number): number {
  let total = 0;
  for (let row = from; row < from + length; row++) total += fine?.[row] ?? 0;
  return total;
}
