"use client";
import { useRef, useState } from "react";
import { classes } from "@/components/ui/classes";
import { useRowsInSight } from "@/components/ui/use-rows-in-sight";
import { useZone } from "@/components/shell/clock";
import type { PrefillCandidate } from "@/lib/query/prefill-answers";
import { CANDIDATE_COLUMNS, titled, type CandidateColumn, type CandidateSetting } from "./candidate-columns";
import type { Order, Sorting } from "./candidate-order";

interface CandidatesTableProps {
  rows: readonly PrefillCandidate[];
  stale: boolean;
  sorting: Sorting;
  sortBy: (by: Order) => void;
  hrefOf: (user: string) => string;
  /** Those whom the budget does not reach. */
  beyond: ReadonlySet<PrefillCandidate>;
  /** Whether what is known reaches back less than a day. */
  firstDay: boolean;
}

/** Room for two lines of why, which a phone has below the name. */
const ROW_PX = 52;

export function CandidatesTable({ rows: sorted, stale, sorting, sortBy, hrefOf, ...rest }: CandidatesTableProps) {
  const { rows, hold } = useHeld(sorted, `${sorting.by} ${sorting.descending} ${sorted.length}`);
  const body = useRef<HTMLTableSectionElement>(null);
  const { items, before, after } = useRowsInSight(body, { count: rows.length, rowPx: ROW_PX });
  const zone = useZone();
  const setting: CandidateSetting = { hrefOf, zone, beyond: rest.beyond };
  return (
    <div className={classes("relative overflow-x-auto transition-opacity", stale && "opacity-60")} aria-busy={stale}>
      <table
        className="w-full table-fixed border-collapse text-table figures"
        aria-label="Users worth filling"
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr>
            {CANDIDATE_COLUMNS.map((column) => (
              <Heading key={column.id} column={titled(column, rest.firstDay)} sorting={sorting} sortBy={sortBy} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} {...hold}>
          {before > 0 && <tr style={{ height: before }} />}
          {items.map((index) => (
            <Row key={index} row={rows[index]!} index={index} setting={setting} />
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}

/** Rows stay as they are while the pointer is over them: a refresh changes nothing under it. */
function useHeld(rows: readonly PrefillCandidate[], key: string) {
  const [held, setHeld] = useState<{ key: string; rows: readonly PrefillCandidate[] } | null>(null);
  return {
    rows: held?.key === key ? held.rows : rows,
    hold: { onPointerEnter: () => setHeld({ key, rows }), onPointerLeave: () => setHeld(null) },
  };
}

const CELL = "px-2 first:pl-4 last:pr-4";

interface HeadingProps {
  column: CandidateColumn;
  sorting: Sorting;
  sortBy: (by: Order) => void;
}

function Heading({ column: { id, title, hint, className, words, order }, sorting, sortBy }: HeadingProps) {
  const direction = order !== sorting.by ? undefined : sorting.descending ? "descending" : "ascending";
  return (
    <th
      scope="col"
      aria-sort={order === undefined ? undefined : (direction ?? "none")}
      className={classes(
        CELL,
        "border-b border-line py-2 text-small font-medium whitespace-nowrap text-muted",
        words ? "text-left" : "text-right",
        className,
      )}
    >
      {order === undefined ? (
        title
      ) : (
        <button
          type="button"
          title={hint}
          onClick={() => sortBy(order)}
          className={classes("cursor-pointer rounded hover:text-text", direction && "text-text")}
        >
          {title}
          {direction && <span aria-hidden>{direction === "descending" ? " ▾" : " ▴"}</span>}
        </button>
      )}
      {id === "user" && <span className="sr-only">, and why</span>}
    </th>
  );
}

function Row({ row, index, setting }: { row: PrefillCandidate; index: number; setting: CandidateSetting }) {
  return (
    <tr
      className={classes("hover:bg-sunken", setting.beyond.has(row) && "text-muted")}
      style={{ height: ROW_PX }}
      aria-rowindex={index + 2}
    >
      {CANDIDATE_COLUMNS.map(({ id, cell, className, words }) => (
        <td
          key={id}
          className={classes(
            CELL,
            "overflow-hidden border-b border-line-soft in-[tr:last-child]:border-0",
            words ? "text-left" : "text-right whitespace-nowrap",
            className,
          )}
        >
          {cell(row, setting)}
        </td>
      ))}
    </tr>
  );
}
