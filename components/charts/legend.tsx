"use client";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import { classes } from "@/components/ui/classes";

export interface LegendEntry {
  key: string;
  label: string;
  colour: string;
  dashed?: boolean;
  /** SVG dashes of its line. */
  dash?: string;
  /** More words, on hover. */
  title?: string;
}

const parser = parseAsArrayOf(parseAsString).withDefault([]);

/** Which entries of the page's legends are switched off; the address keeps them, so that a link shows the same lines. */
export function useHidden(): { hidden: ReadonlySet<string>; toggle: (key: string) => void } {
  const [list, setList] = useQueryState("hide", parser);
  const hidden = useMemo(() => new Set(list), [list]);
  const toggle = useCallback(
    (key: string) =>
      void setList((before) => (before.includes(key) ? before.filter((other) => other !== key) : [...before, key])),
    [setList],
  );
  return { hidden, toggle };
}

interface LegendProps {
  entries: readonly LegendEntry[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
}

export function Legend({ entries, hidden, toggle }: LegendProps) {
  return entries.map(({ key, label, colour, dashed, dash, title }) => (
    <button
      key={key}
      type="button"
      title={title ?? "Show or hide"}
      aria-pressed={!hidden.has(key)}
      onClick={() => toggle(key)}
      className={classes(
        "inline-flex cursor-pointer items-center gap-1.5 rounded py-0.5 whitespace-nowrap hover:text-text touch:min-h-11",
        hidden.has(key) && "line-through opacity-50",
      )}
    >
      {dash ? <DashSwatch colour={colour} dash={dash} /> : <Swatch colour={colour} dashed={dashed ?? false} />}
      {label}
    </button>
  ));
}

function Swatch({ colour, dashed }: { colour: string; dashed: boolean }) {
  if (dashed) return <i className="w-3.5 border-t border-dashed" style={{ borderColor: colour }} />;
  return <i className="size-[9px] rounded-[2px]" style={{ background: colour }} />;
}

function DashSwatch({ colour, dash }: { colour: string; dash: string }) {
  return (
    <svg width={18} height={4} aria-hidden>
      <line x2={18} y1={2} y2={2} stroke={colour} strokeWidth={2} strokeDasharray={dash} />
    </svg>
  );
}

/** What a way of drawing means; nothing to switch. */
export function LegendNote({ dotted = false, label, title }: { dotted?: boolean; label: string; title: string }) {
  return (
    <span title={title} className="inline-flex items-center gap-1.5 whitespace-nowrap text-faint">
      {dotted && <i className="w-3.5 border-t-2 border-dotted border-current" />}
      {label}
    </span>
  );
}
