"use client";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { formatDuration } from "@/components/format/duration";
import { latencyAt, percentileAt, PLACES_A_TEN, type AxisLine } from "./axis-rows";
import { plotWidth, ROOM } from "./geometry";
import { PlotTip, TipRow } from "./plot-tip";

interface AxisPointerProps {
  label: string;
  width: number;
  /** The end of the axis, log10 of 1/(1−q). */
  reach: number;
  lines: readonly AxisLine[];
}

/** Takes pointer and keys over a percentile axis: a rule, and every line's latency there. */
export function AxisPointer({ label, width, reach, lines }: AxisPointerProps) {
  const area = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<number | null>(null);
  const point = (to: number) => {
    const snapped = Math.round(to * PLACES_A_TEN) / PLACES_A_TEN;
    setPlace(Math.min(Math.floor(reach * PLACES_A_TEN) / PLACES_A_TEN, Math.max(0, snapped)));
  };
  const move = (event: PointerEvent) => {
    const left = area.current!.getBoundingClientRect().left;
    point(((event.clientX - left - ROOM.left) / plotWidth(width)) * reach);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") setPlace(null);
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    point((place ?? 0) + direction / PLACES_A_TEN);
  };
  const x = place === null ? 0 : ROOM.left + (place / reach) * plotWidth(width);
  return (
    <div
      ref={area}
      role="img"
      aria-label={`${label}. Arrow keys read it step by step.`}
      tabIndex={0}
      className="absolute inset-0 touch-pan-y rounded select-none"
      onPointerDown={move}
      onPointerMove={move}
      onPointerLeave={() => setPlace(null)}
      onBlur={() => setPlace(null)}
      onKeyDown={keys}
    >
      {place !== null && (
        <>
          <i
            className="pointer-events-none absolute w-px bg-muted/50"
            style={{ left: Math.round(x), top: ROOM.top, bottom: ROOM.bottom }}
          />
          <PlotTip x={x} width={width}>
            <div className="mb-1 text-muted">{percentileAt(place)}</div>
            {lines.map((line) => (
              <TipRow key={line.key} colour={line.colour} name={line.label} value={textAt(line, place)} />
            ))}
          </PlotTip>
        </>
      )}
    </div>
  );
}

function textAt(line: AxisLine, place: number): string {
  const us = latencyAt(line, place);
  return us === null ? "too few" : formatDuration(us);
}
