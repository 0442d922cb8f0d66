"use client";
import { useCallback, useState } from "react";
import { classes } from "@/components/ui/classes";

export interface LegendEntry {
  key: string;
  label: string;
  colour: string;
  dashed?: boolean;
  /** More words, on hover. */
  title?: string;
}

/** Which entries of a legend are switched off. */
export function useHidden(): { hidden: ReadonlySet<string>; toggle: (key: string) => void } {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => {
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  return { hidden, toggle };
}

interface LegendProps {
  entries: readonly LegendEntry[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
}

export function Legend({ entries, hidden, toggle }: LegendProps) {
  return entries.map(({ key, label, colour, dashed, title }) => (
    <button
      key={key}
      type="button"
      title={title ?? "Show or hide"}
      aria-pressed={!hidden.has(key)}
      onClick={() => toggle(key)}
      className={classes(
        "inline-flex cursor-pointer items-center gap-1.5 rounded py-0.5 whitespace-nowrap hover:text-text",
        hidden.has(key) && "line-through opacity-50",
      )}
    >
      <Swatch colour={colour} dashed={dashed ?? false} />
      {label}
    </button>
  ));
}

function Swatch({ colour, dashed }: { colour: string; dashed: boolean }) {
  if (dashed) return <i className="w-3.5 border-t border-dashed" style={{ borderColor: colour }} />;
  return <i className="size-[9px] rounded-[2px]" style={{ background: colour }} />;
}
