"use client";
import { useState } from "react";
import { shownText } from "@/components/format/shown";
import { classes } from "@/components/ui/classes";

/** Sixteen zeros: what an app does not tell apart. */
const OTHERS = /^0{16}$/;

interface StatementTextProps {
  id: string;
  /** Null while only the id is known. */
  text: string | null;
}

/** A statement in two lines, all of it when it is pressed. */
export function StatementText({ id, text }: StatementTextProps) {
  const [open, setOpen] = useState(false);
  if (OTHERS.test(id)) return <span className="text-muted">all other statements</span>;
  if (text === null) return <span className="text-muted">text not told yet ({id})</span>;
  const shown = shownText(text);
  return (
    <button
      type="button"
      aria-expanded={open}
      title={open ? undefined : shown.slice(0, 1_000)}
      onClick={() => setOpen(!open)}
      className="block w-full cursor-pointer rounded text-left font-mono text-small break-words hover:text-accent"
    >
      <span className={classes(open ? "block whitespace-pre-wrap" : "line-clamp-2")}>{shown}</span>
    </button>
  );
}
