"use client";
import { ChevronDown, ChevronLeft, ChevronRight, ZoomOut } from "lucide-react";
import { useState } from "react";
import { formatRange } from "@/components/format/time";
import { useClockInAddress, useZone } from "@/components/shell/clock";
import { Button, buttonClass } from "@/components/ui/button";
import { classes } from "@/components/ui/classes";
import { Popover } from "@/components/ui/popover";
import { AbsoluteRange } from "./absolute-range";
import { isLive, PRESETS, rangeOf, stepRange, widenRange, type TimeRange, type View } from "./view";

interface RangePickerProps {
  view: View;
  /** The range that the answer on the page was read for: labels and steps follow it, so server and browser agree. */
  shown: TimeRange;
  change: (changes: Partial<View>) => void;
}

export function RangePicker({ view, shown, change }: RangePickerProps) {
  useClockInAddress();
  const live = isLive(view);
  const step = (direction: -1 | 1) => change(stepRange(current(view), direction, Date.now()));
  return (
    <div className="flex items-center gap-1">
      <div className="inline-flex">
        <Button aria-label="One range back" data-shortcut="[" className="rounded-r-none" onClick={() => step(-1)}>
          <ChevronLeft size={14} aria-hidden />
        </Button>
        <PresetMenu view={view} shown={shown} change={change} />
        <Button
          aria-label="One range forward"
          data-shortcut="]"
          className="-ml-px rounded-l-none"
          disabled={live}
          onClick={() => step(1)}
        >
          <ChevronRight size={14} aria-hidden />
        </Button>
      </div>
      <Button
        kind="quiet"
        aria-label="Zoom out"
        title="Zoom out: twice the range"
        data-shortcut="-"
        className="px-2"
        onClick={() => change(widenRange(current(view), Date.now()))}
      >
        <ZoomOut size={15} aria-hidden />
      </Button>
    </div>
  );
}

const current = (view: View) => rangeOf(view, Date.now());

function PresetMenu({ view, shown, change }: RangePickerProps) {
  const [open, setOpen] = useState(false);
  const zone = useZone();
  const choose = (range: Pick<View, "from" | "to">) => {
    setOpen(false);
    change(range);
  };
  const trigger = (
    <button
      type="button"
      data-shortcut="t"
      className={classes(buttonClass(), "-ml-px max-w-[60vw] rounded-none figures")}
    >
      <span className="truncate">{useRangeName(view, shown)}</span>
      <ChevronDown size={14} aria-hidden className="text-muted" />
    </button>
  );
  return (
    <Popover trigger={trigger} label="Range of time" open={open} onOpenChange={setOpen} className="w-72 p-3">
      <div className="grid grid-cols-3 gap-1">
        {PRESETS.map(([from, name]) => (
          <Button
            key={from}
            size="small"
            kind="quiet"
            aria-pressed={view.from === from && view.to === "now"}
            className="text-text aria-pressed:bg-accent-soft aria-pressed:font-medium"
            onClick={() => choose({ from, to: "now" })}
          >
            Last {name}
          </Button>
        ))}
      </div>
      <AbsoluteRange key={zone} shown={shown} choose={choose} />
    </Popover>
  );
}

function useRangeName(view: View, shown: TimeRange): string {
  const zone = useZone();
  const preset = PRESETS.find(([from]) => from === view.from);
  if (preset && view.to === "now") return `Last ${preset[1]}`;
  if (isLive(view)) return view.to === "now" ? `Since ${view.from}` : `${view.from} to ${view.to}`;
  return formatRange(shown.fromMs, shown.toMs, zone);
}
