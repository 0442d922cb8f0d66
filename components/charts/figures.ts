/** The figures behind a chart, for the table view and for copying. */
export interface Figures {
  columns: string[];
  rows: (string | number | null)[][];
}

/** RFC 4180; a field that a spreadsheet would take for a formula is told to be text. */
export function toCsv({ columns, rows }: Figures): string {
  return [columns, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

function field(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
