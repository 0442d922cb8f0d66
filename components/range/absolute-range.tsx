"use client";
import { useState } from "react";
import { CLOCK_OPTIONS, useClock } from "@/components/shell/clock";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { inputClass } from "@/components/ui/field";
import { isoOf } from "./time-text";
import type { TimeRange, View } from "./view";
import { fromWallClock, toWallClock } from "./wall-clock";

interface AbsoluteRangeProps {
  shown: TimeRange;
  choose: (range: Pick<View, "from" | "to">) => void;
}

/** From and to, typed, in the chosen clock. */
export function AbsoluteRange({ shown, choose }: AbsoluteRangeProps) {
  const { choice, zone, choose: chooseClock } = useClock();
  const [from, setFrom] = useState(() => toWallClock(shown.fromMs, zone));
  const [to, setTo] = useState(() => toWallClock(shown.toMs, zone));
  const fromMs = fromWallClock(from, zone);
  const toMs = fromWallClock(to, zone);
  const problem = fromMs === null || toMs === null || fromMs < toMs ? null : "The end must be after the start.";
  const apply = () => {
    if (fromMs !== null && toMs !== null && problem === null) choose({ from: isoOf(fromMs), to: isoOf(toMs) });
  };
  return (
    <form
      className="mt-3 flex flex-col gap-2 border-t border-line-soft pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className="flex items-center justify-between gap-2">
        <Choice label="Clock" options={CLOCK_OPTIONS} value={choice} onChange={chooseClock} />
        <span className="truncate text-small text-muted">{zone === "UTC" ? "" : zone}</span>
      </div>
      <Moment label="From" value={from} onChange={setFrom} />
      <Moment label="To" value={to} onChange={setTo} />
      <div className="flex items-center justify-between gap-2">
        <span role="status" className="text-small text-server">
          {problem}
        </span>
        <Button
          type="submit"
          kind="primary"
          size="small"
          disabled={fromMs === null || toMs === null || problem !== null}
        >
          Show
        </Button>
      </div>
    </form>
  );
}

function Moment({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="flex items-center gap-2 text-small text-muted">
      <span className="w-9 shrink-0">{label}</span>
      <input
        type="datetime-local"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`${inputClass} h-8 min-w-0 px-2 text-table`}
      />
    </label>
  );
}
