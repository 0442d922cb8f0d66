"use client";
import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from "@tanstack/react-table";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import type { EndpointRow } from "@/lib/query/answers";
import { ENDPOINT_COLUMNS } from "./endpoint-columns";

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

const columns: ColumnDef<typeof features, EndpointRow>[] = ENDPOINT_COLUMNS.map(({ id, value }) => ({
  id,
  // A missing value is undefined for the table: it stands last in either direction.
  accessorFn: (row: EndpointRow) => value(row) ?? undefined,
  sortUndefined: "last",
  sortDescFirst: id !== "endpoint",
  sortFn: (a, b, column) => compare(a.getValue(column), b.getValue(column)),
}));

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

const WORST_FIRST = "-lost";

/** Sorting as the address writes it: `-p99` = highest p99 first. */
export function useSort(): { sorting: SortingState; sortBy: (id: string) => void } {
  const [sort, setSort] = useQueryState("sort", parseAsString.withDefault(WORST_FIRST));
  const id = sort.replace(/^-/, "");
  const known = ENDPOINT_COLUMNS.some((column) => column.id === id);
  const sorting = useMemo(
    () => [known ? { id, desc: sort.startsWith("-") } : { id: "lost", desc: true }],
    [id, sort, known],
  );
  const sortBy = (next: string) => {
    const first = next === "endpoint" ? next : `-${next}`;
    const other = next === "endpoint" ? `-${next}` : next;
    void setSort(sort === first ? other : first);
  };
  return { sorting, sortBy };
}

interface TableWish {
  rows: EndpointRow[];
  sorting: SortingState;
  /** Columns shown, by id. */
  visible: Readonly<Record<string, boolean>>;
}

/** The sorted rows and the columns to show. */
export function useEndpointTable({ rows, sorting, visible }: TableWish) {
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => String(row.id),
    state: { sorting, columnVisibility: visible },
  });
  return {
    rows: table.getRowModel().rows.map((row) => row.original),
    columns: ENDPOINT_COLUMNS.filter(({ id }) => visible[id] !== false),
  };
}
