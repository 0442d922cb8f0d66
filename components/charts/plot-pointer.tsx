"use client";
import { useRef, useState, useSyncExternalStore, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import type { TimeRange } from "@/components/range/view";
import { AlertWords } from "./alert-marks";
import { momentAt, ROOM, xOf } from "./geometry";
import { usePlot } from "./plot-context";
import { PlotTip } from "./plot-tip";
import type { Size } from "./time-plot";

interface PlotPointerProps {
  id: string;
  label: string;
  size: Size;
  range: TimeRange;
  stepMs: number;
  renderTip: (atMs: number, y: number | null) => ReactNode;
}

/** A shorter drag was meant as a click, px. */
const DRAG_PX = 5;

/** Takes pointer and keys over a plot: crosshair in all charts, figures in this one, a drag narrows, a double click widens. */
export function PlotPointer({ id, label, size, range, stepMs, renderTip }: PlotPointerProps) {
  const { pointed, narrow, widen } = usePlot();
  const here = useSyncExternalStore(pointed.subscribe, pointed.get, () => null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const point = (atMs: number, y: number | null) => pointed.set({ atMs, chart: id, y });
  const place = (event: PointerEvent) => {
    const box = area.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const move = (event: PointerEvent) => {
    const { x, y } = place(event);
    point(momentAt(x, range, size.width), y);
    if (drag) setDrag({ from: drag.from, to: x });
  };
  const release = () => {
    if (drag && Math.abs(drag.to - drag.from) >= DRAG_PX)
      narrow(momentAt(drag.from, range, size.width), momentAt(drag.to, range, size.width));
    setDrag(null);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setDrag(null);
      pointed.set(null);
    }
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const from = here?.atMs ?? (direction === 1 ? range.fromMs - stepMs / 2 : range.toMs + stepMs / 2);
    point(Math.min(range.toMs - 1, Math.max(range.fromMs, from + direction * stepMs)), null);
  };
  return (
    <div
      ref={area}
      role="img"
      aria-label={`${label}. Arrow keys read it step by step.`}
      tabIndex={0}
      className="absolute inset-0 cursor-crosshair touch-pan-y rounded select-none"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const { x } = place(event);
        setDrag({ from: x, to: x });
      }}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => pointed.set(null)}
      onBlur={() => pointed.set(null)}
      onDoubleClick={widen}
      onKeyDown={keys}
    >
      {here && <Crosshair x={xOf(here.atMs, range, size.width)} />}
      {drag && Math.abs(drag.to - drag.from) >= DRAG_PX && <Selection {...drag} size={size} />}
      {here?.chart === id && !drag && (
        <PlotTip x={xOf(here.atMs, range, size.width)} width={size.width}>
          {renderTip(here.atMs, here.y)}
          <AlertWords atMs={here.atMs} size={size} range={range} />
        </PlotTip>
      )}
    </div>
  );
}

function Crosshair({ x }: { x: number }) {
  return (
    <i
      className="pointer-events-none absolute w-px bg-muted/50"
      style={{ left: Math.round(x), top: ROOM.top, bottom: ROOM.bottom }}
    />
  );
}

function Selection({ from, to, size }: { from: number; to: number; size: Size }) {
  const left = Math.max(ROOM.left, Math.min(from, to));
  const right = Math.min(size.width - ROOM.right, Math.max(from, to));
  return (
    <i
      className="pointer-events-none absolute border-x border-accent bg-accent/15"
      style={{ left, width: Math.max(0, right - left), top: ROOM.top, bottom: ROOM.bottom }}
    />
  );
}
