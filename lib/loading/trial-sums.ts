import { HIGHEST_US, indexOf, newCounts, type Counts } from "../histogram/index.ts";

export const STRATEGIES = ["join", "query"] as const;
/** How Prisma loads relations: by one statement with joins, or by one for each table. */
export type Strategy = (typeof STRATEGIES)[number];
/** What ran in fact. `unclear`: not to be seen from outside, as of an empty answer. */
export const RAN = [...STRATEGIES, "unclear"] as const;
export type Ran = (typeof RAN)[number];

/** Records in an answer, with those of its relations: less than 10, 100, 1,000, and more. */
export const SIZES = ["0–9", "10–99", "100–999", "1000+"] as const;
export const sizeOf = (records: number): number => (records < 10 ? 0 : records < 100 ? 1 : records < 1_000 ? 2 : 3);

/** What is told apart in a trial. */
export interface TrialCellName {
  assigned: Strategy;
  ran: Ran;
  /** Index in `SIZES`. */
  size: number;
}

/** Sums over requests; times in µs. They add up over instances and hours. */
export interface TrialCell extends TrialCellName {
  requests: number;
  /** Calls that failed; they have no latency and no size. */
  errors: number;
  databaseUs: number;
  statements: number;
  records: number;
  /** Requests by the bucket of the call's duration, in the histogram's layout. */
  durations: Map<number, number>;
}

export interface TrialSample extends TrialCellName {
  durationUs: number;
  databaseUs: number;
  statements: number;
  records: number;
  failed: boolean;
}

export type TrialCells = TrialCell[];

export function addSample(cells: TrialCells, sample: TrialSample): void {
  const cell = cellOf(cells, sample);
  cell.databaseUs += sample.databaseUs;
  cell.statements += sample.statements;
  cell.records += sample.records;
  if (sample.failed) {
    cell.errors++;
    return;
  }
  cell.requests++;
  const bucket = indexOf(Math.min(Math.max(Math.round(sample.durationUs), 0), HIGHEST_US));
  cell.durations.set(bucket, (cell.durations.get(bucket) ?? 0) + 1);
}

const ADDED = ["requests", "errors", "databaseUs", "statements", "records"] as const;

export function mergeCells(into: TrialCells, from: readonly TrialCell[]): void {
  for (const cell of from) {
    const own = cellOf(into, cell);
    for (const name of ADDED) own[name] += cell[name];
    for (const [bucket, count] of cell.durations) own.durations.set(bucket, (own.durations.get(bucket) ?? 0) + count);
  }
}

function cellOf(cells: TrialCells, { assigned, ran, size }: TrialCellName): TrialCell {
  const known = cells.find((each) => each.assigned === assigned && each.ran === ran && each.size === size);
  if (known !== undefined) return known;
  const none = { requests: 0, errors: 0, databaseUs: 0, statements: 0, records: 0 };
  const cell: TrialCell = { assigned, ran, size, ...none, durations: new Map() };
  cells.push(cell);
  return cell;
}

/** The durations of all cells that are asked for. */
export function durationsOf(cells: readonly TrialCell[], wanted: (cell: TrialCell) => boolean): Counts {
  const counts = newCounts();
  for (const cell of cells) if (wanted(cell)) for (const [bucket, count] of cell.durations) counts[bucket]! += count;
  return counts;
}

export function sumOf(
  cells: readonly TrialCell[],
  name: (typeof ADDED)[number],
  wanted: (cell: TrialCell) => boolean,
): number {
  return cells.reduce((sum, cell) => (wanted(cell) ? sum + cell[name] : sum), 0);
}
