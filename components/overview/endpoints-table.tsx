"use client";
import type { SortingState } from "@tanstack/react-table";
import { useRef } from "react";
import { classes } from "@/components/ui/classes";
import { FocusHints } from "@/components/ui/focus-hints";
import { moveByRow } from "@/components/ui/row-keys";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { ROW_HEIGHT, useRowsInSight } from "@/components/ui/use-rows-in-sight";
import type { EndpointRow } from "@/lib/query/answers";
import type { EndpointColumn, TableSetting } from "./endpoint-columns";
import { useSteadyOrder } from "./use-steady-order";

interface EndpointsTableProps {
  rows: EndpointRow[];
  columns: readonly EndpointColumn[];
  setting: TableSetting;
  sorting: SortingState;
  sortBy: (id: string) => void;
}

export function EndpointsTable({ rows, columns, setting, sorting, sortBy }: EndpointsTableProps) {
  const [by] = sorting;
  const steady = useSteadyOrder(rows, `${by?.id} ${by?.desc} ${rows.length}`);
  const body = useRef<HTMLTableSectionElement>(null);
  const { items, before, after } = useRowsInSight(body, { count: steady.rows.length });
  return (
    <div className="relative overflow-x-auto pr-2 roomy:pr-0">
      <FocusHints>
        <table
          className="w-full table-fixed border-collapse text-table figures"
          aria-label="Endpoints"
          aria-rowcount={rows.length + 1}
        >
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.id} column={column} sorting={sorting} sortBy={sortBy} />
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={moveByRow} {...steady.hold}>
            {before > 0 && <tr style={{ height: before }} />}
            {items.map((index) => (
              <Row key={steady.rows[index]!.id} row={steady.rows[index]!} {...{ index, columns, setting }} />
            ))}
            {after > 0 && <tr style={{ height: after }} />}
          </tbody>
        </table>
      </FocusHints>
    </div>
  );
}

interface HeadingProps {
  column: EndpointColumn;
  sorting: SortingState;
  sortBy: (id: string) => void;
}

function Heading({ column, sorting, sortBy }: HeadingProps) {
  const [by] = sorting;
  const direction = by?.id !== column.id ? undefined : by.desc ? "descending" : "ascending";
  return (
    <th
      scope="col"
      aria-sort={direction ?? "none"}
      className={classes(
        "border-b border-line px-2 py-2 text-right text-small font-medium whitespace-nowrap text-muted first:pl-4 first:text-left last:pr-4",
        column.className,
      )}
    >
      <button
        type="button"
        title={column.hint}
        onClick={() => sortBy(column.id)}
        className={classes(
          "cursor-pointer rounded hover:text-text touch:min-h-11 touch:min-w-8",
          direction && "text-text",
        )}
      >
        {column.title}
        {direction && <span aria-hidden>{direction === "descending" ? " ▾" : " ▴"}</span>}
      </button>
    </th>
  );
}

interface RowProps {
  row: EndpointRow;
  index: number;
  columns: readonly EndpointColumn[];
  setting: TableSetting;
}

function Row({ row, index, columns, setting }: RowProps) {
  return (
    <tr
      className={`${ROW_HEIGHT} ${ROW_HOVER} relative hover:bg-sunken has-focus-visible:bg-accent-soft`}
      aria-rowindex={index + 2}
      {...ROW_LINK}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          className={classes(
            "overflow-hidden border-b border-line-soft px-2 text-right whitespace-nowrap first:pl-4 first:text-left last:pr-4 in-[tr:last-child]:border-0",
            column.className,
          )}
        >
          {column.cell(row, setting)}
        </td>
      ))}
    </tr>
  );
}
