import type { TableName } from "@/lib/query/tables/names";

interface TableFilesProps {
  /** The table's name, as `/api/v1/tables/…` has it. */
  table: TableName;
  /** What is in it, for screen readers: "these endpoints". */
  label: string;
  /** The page's filters and range, as parameters; without `?`. */
  search?: string;
  /** The range that the page shows: the file has the very same. */
  range?: { from: string; to: string } | undefined;
}

const LOOK = "rounded-[5px] px-1 py-0.5 text-small text-muted hover:bg-sunken hover:text-text";

/** The whole table behind a list or a chart, as a file. */
export function TableFiles({ table, label, search = "", range }: TableFilesProps) {
  const parameters = new URLSearchParams(search);
  if (range !== undefined) {
    parameters.set("from", range.from);
    parameters.set("to", range.to);
  }
  const asked = parameters.size === 0 ? "" : `?${parameters.toString()}`;
  return (
    <span className="inline-flex items-center whitespace-nowrap">
      {(["csv", "json"] as const).map((form) => (
        <a
          key={form}
          className={LOOK}
          href={`/api/v1/tables/${table}.${form}${asked}`}
          download
          aria-label={`Download ${label} as ${form.toUpperCase()}`}
          title={`Download ${label}, every row, as ${form.toUpperCase()}`}
        >
          {form.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
