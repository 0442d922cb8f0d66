"use client";
import { ChartLine, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { toCsv, type Figures } from "./figures";
import { FiguresTable } from "./figures-table";

interface ChartCardProps {
  /** Says what and in which unit, together with `note`. */
  title: string;
  note?: ReactNode;
  legend?: ReactNode;
  /** Switches of this chart. */
  controls?: ReactNode;
  /** The whole table behind it as a file, where there is one. */
  files?: ReactNode;
  /** The figures drawn, made when they are asked for. */
  figures: () => Figures;
  height: number;
  /** Takes what height its column has left. */
  grow?: boolean;
  children: ReactNode;
}

/** A chart with its title, legend, and the table behind it, which can be copied as CSV. */
export function ChartCard({ title, note, legend, controls, files, figures, height, grow, children }: ChartCardProps) {
  const [table, setTable] = useState(false);
  const Icon = table ? ChartLine : Table2;
  const actions = (
    <span className="flex items-center gap-0.5">
      {!table && controls}
      {table && files}
      {table && (
        <CopyButton label={`Copy ${title} as CSV`} text={() => toCsv(figures())}>
          Copy as CSV
        </CopyButton>
      )}
      <Button
        kind="quiet"
        size="small"
        className="px-1.5"
        aria-pressed={table}
        aria-label={table ? `Show ${title} as a chart` : `Show ${title} as a table`}
        title={table ? "Chart" : "Table and CSV"}
        onClick={() => setTable(!table)}
      >
        <Icon size={14} aria-hidden />
      </Button>
    </span>
  );
  return (
    <Card
      title={title}
      note={note}
      actions={actions}
      {...(grow ? { grow } : {})}
      {...(!table && legend ? { legend } : {})}
    >
      {table ? <FiguresTable label={title} figures={figures()} height={height} /> : children}
    </Card>
  );
}
