"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Th } from "@/components/ui/table";
import type { Figures } from "./figures";

const ROW_PX = 28;

interface FiguresTableProps {
  label: string;
  figures: Figures;
  height: number;
}

/** The figures of a chart in its place and height; only the rows in sight are drawn. */
export function FiguresTable({ label, figures, height }: FiguresTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, columns } = figures;
  // oxlint-disable-next-line react/incompatible-library -- its functions are called here alone, and nothing memoises them
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    initialRect: { width: 600, height },
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} tabIndex={0} className="relative -mx-4 overflow-auto" style={{ height }}>
      <table aria-label={label} aria-rowcount={rows.length + 1} className="w-full border-collapse text-table figures">
        <thead className="sticky top-0 bg-surface">
          <tr>
            {columns.map((column) => (
              <Th key={column}>{column}</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr style={{ height: before }} />
          {items.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2} style={{ height: ROW_PX }}>
              {rows[index]!.map((value, column) => (
                <td
                  key={columns[column]}
                  className="border-b border-line-soft px-2.5 text-right whitespace-nowrap first:pl-4 first:text-left last:pr-4"
                >
                  {value ?? "–"}
                </td>
              ))}
            </tr>
          ))}
          <tr style={{ height: Math.max(0, after) }} />
        </tbody>
      </table>
    </div>
  );
}
