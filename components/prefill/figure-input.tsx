"use client";
import { useState } from "react";
import { inputClass } from "@/components/ui/field";

interface FigureInputProps {
  label: string;
  value: number;
  /** Said after the field. */
  unit: string;
  lowest: number;
  highest: number;
  onCommit: (value: number) => void;
}

/** A figure that takes effect by Enter or on leaving the field; Escape brings the old one back. */
export function FigureInput({ label, value, unit, lowest, highest, onCommit }: FigureInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const figure = typed === null || typed.trim() === "" ? Number.NaN : Number(typed.replace(",", "."));
  const good = figure >= lowest && figure <= highest;
  const commit = () => {
    if (good && figure !== value) onCommit(figure);
    setTyped(null);
  };
  return (
    <span className="inline-flex items-center gap-1.5">
      <input
        aria-label={label}
        aria-invalid={typed !== null && !good}
        inputMode="decimal"
        size={7}
        value={typed ?? String(Number(value.toPrecision(4)))}
        title={`${lowest} to ${highest} ${unit}`}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
        className={`${inputClass} h-[30px]! w-20! px-2! text-right text-table! font-medium figures aria-invalid:border-server`}
      />
      <span className="whitespace-nowrap text-muted">{unit}</span>
    </span>
  );
}
