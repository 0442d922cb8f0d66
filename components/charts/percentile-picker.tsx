"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { percentileColour } from "@/components/format/percentile";
import { Button } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";

interface PercentilePickerProps {
  chosen: readonly number[];
  onChange: (percentiles: number[]) => void;
}

const OFFERED = [50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100];
const MOST = 10;

/** Which percentiles a chart shows: offered ones by a press, any other typed. */
export function PercentilePicker({ chosen, onChange }: PercentilePickerProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const set = (list: readonly number[]) => onChange([...new Set(list)].sort((a, b) => a - b));
  const toggle = (q: number) => {
    if (!chosen.includes(q)) return chosen.length < MOST ? set([...chosen, q]) : setProblem(`At most ${MOST}.`);
    if (chosen.length > 1) set(chosen.filter((other) => other !== q));
  };
  const add = () => {
    const q = readPercentile(typed);
    setProblem(q === null ? "A number above 0, at most 100." : chosen.length >= MOST ? `At most ${MOST}.` : null);
    if (q === null || chosen.length >= MOST) return;
    set([...chosen, q]);
    setTyped("");
  };
  const trigger = (
    <Button size="small" aria-label="Choose percentiles">
      <Plus size={13} aria-hidden /> percentile
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Percentiles" className="w-60 p-3">
      <div className="grid grid-cols-3 gap-1">
        {[...new Set([...OFFERED, ...chosen])]
          .sort((a, b) => a - b)
          .map((q) => (
            <Button
              key={q}
              size="small"
              kind="quiet"
              aria-pressed={chosen.includes(q)}
              className="justify-start text-text aria-pressed:bg-accent-soft aria-pressed:font-medium"
              onClick={() => toggle(q)}
            >
              <i className="size-2 rounded-[2px]" style={{ background: percentileColour(q) }} />
              {q === 100 ? "max" : `p${q}`}
            </Button>
          ))}
      </div>
      <form
        className="mt-2 flex gap-2 border-t border-line-soft pt-2"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          aria-label="Another percentile"
          aria-invalid={problem !== null}
          inputMode="decimal"
          placeholder="another, as 97.5"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className={`${inputClass} h-7 text-table`}
        />
        <Button type="submit" size="small">
          Add
        </Button>
      </form>
      <p role="status" className="text-small text-server">
        {problem}
      </p>
    </Popover>
  );
}

/** 97.5, p97.5 or 97,5; at most six decimals, as the question allows. `null` when it is none. */
export function readPercentile(text: string): number | null {
  const match = /^p?(\d{1,3}(?:[.,]\d{1,6})?)\s*%?$/i.exec(text.trim());
  const q = match ? Number(match[1]!.replace(",", ".")) : NaN;
  return q > 0 && q <= 100 ? q : null;
}
