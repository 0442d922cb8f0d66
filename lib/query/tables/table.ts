import type { Range } from "../answers.ts";

/** Tables of pages as files: the same rows that a page shows, all of them. */
export type Cell = string | number | boolean | null;

/** What stands in each column of a row, by the column's name. Names have their unit: `p99Us`. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** A table, ready to be written. */
export interface TableAnswer {
  /** What it is of, for the file's name. */
  of: string;
  range: Range | null;
  columns: readonly string[];
  rows: Iterable<readonly Cell[]>;
  /** Rows that had no room in it. */
  more: number;
}

export function tableOf<Row>(
  about: Pick<TableAnswer, "of" | "range"> & { more?: number },
  columns: Columns<Row>,
  rows: readonly Row[],
): TableAnswer {
  const makers = Object.values(columns);
  const cells = function* () {
    for (const row of rows) yield makers.map((make) => make(row));
  };
  return { ...about, more: Math.max(0, about.more ?? 0), columns: Object.keys(columns), rows: cells() };
}

export type TableForm = "csv" | "json";

/** Rows of one piece of text. */
const ROWS_AT_ONCE = 500;

/** A table as text, in pieces. */
export function* tableText(table: TableAnswer, form: TableForm): Generator<string> {
  yield form === "csv" ? csvLine(table.columns) : jsonHead(table);
  let piece: string[] = [];
  let isFirst = true;
  for (const row of table.rows) {
    if (form === "csv") piece.push(csvLine(row));
    else piece.push(`${isFirst ? "" : ","}\n${JSON.stringify(objectOf(table.columns, row))}`);
    isFirst = false;
    if (piece.length < ROWS_AT_ONCE) continue;
    yield piece.join("");
    piece = [];
  }
  yield piece.join("") + (form === "csv" ? "" : "\n]}\n");
}

function jsonHead({ range, columns, more }: TableAnswer): string {
  return `${JSON.stringify({ range, columns, more }).slice(0, -1)},"rows":[`;
}

const objectOf = (columns: readonly string[], row: readonly Cell[]) =>
  Object.fromEntries(columns.map((name, place) => [name, row[place]]));

/** RFC 4180. */
const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvField).join(",")}\r\n`;

/** A text that a spreadsheet would take for a formula is told to be text, by an apostrophe before it. */
function csvField(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
