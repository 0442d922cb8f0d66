"use client";
import { useRef, type PointerEvent } from "react";
import { ROOM } from "@/components/charts/geometry";
import type { Size } from "@/components/charts/time-plot";
import { budgetAfterKey, stepped } from "./frontier-at";
import { budgetAt, xOfBudget, yOfLatency } from "./frontier-chart";

export interface BudgetHandleProps {
  size: Size;
  budget: number;
  /** The p99 that it buys. */
  p99Us: number;
  /** Said beside the handle. */
  label: string;
  /** The top of the latency axis. */
  topUs: number;
  scale: { step: number; farthest: number };
  /** What the budget buys, for screen readers. */
  valueText: string;
  /** The handle moves under the pointer; `null`: the move was given up. */
  onHold: (budget: number | null) => void;
  /** The budget that somebody chose, by pointer or by keys. */
  onChoose: (budget: number) => void;
}

/** A handle on the frontier: dragged anywhere in the plot, moved by keys when it has the focus. */
export function BudgetHandle(props: BudgetHandleProps) {
  const { size, budget, p99Us, label, topUs, scale, valueText, onHold, onChoose } = props;
  const area = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  const under = (event: PointerEvent) => {
    const left = area.current!.getBoundingClientRect().left;
    return stepped(budgetAt(event.clientX - left, scale.farthest, size.width), scale);
  };
  const left = xOfBudget(budget, scale.farthest, size.width);
  const top = yOfLatency(p99Us, topUs, size.height);
  return (
    <div
      ref={area}
      className="absolute inset-0 cursor-ew-resize touch-pan-y select-none"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = true;
        handle.current?.focus({ preventScroll: true });
        onHold(under(event));
      }}
      onPointerMove={(event) => held.current && onHold(under(event))}
      onPointerUp={(event) => {
        if (!held.current) return;
        held.current = false;
        onChoose(under(event));
      }}
      onPointerCancel={() => {
        held.current = false;
        onHold(null);
      }}
    >
      <i
        className="pointer-events-none absolute border-l border-dashed border-fill"
        style={{ left: Math.round(left), top: ROOM.top, bottom: ROOM.bottom }}
      />
      <HandleLabel {...{ left, top, size }} text={label} />
      <div
        ref={handle}
        role="slider"
        tabIndex={0}
        aria-label="Budget of fills"
        aria-valuemin={0}
        aria-valuemax={scale.farthest}
        aria-valuenow={Math.min(budget, scale.farthest)}
        aria-valuetext={valueText}
        className="absolute -mt-3.5 -ml-3.5 flex size-7 items-center justify-center rounded-full"
        style={{ left, top }}
        onKeyDown={(event) => {
          const next = budgetAfterKey(event.key, budget, scale);
          if (next === null) return;
          event.preventDefault();
          onChoose(next);
        }}
      >
        <i className="size-3.5 rounded-full border-[2.5px] border-fill bg-surface" />
      </div>
    </div>
  );
}

/** About as wide as the label gets, px. */
const LABEL_PX = 156;

/** Above the handle, to its right as far as there is room: the curve falls, so that this side of it is free. */
function HandleLabel({ left, top, size, text }: { left: number; top: number; size: Size; text: string }) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute rounded bg-surface/80 px-1 text-small font-semibold whitespace-nowrap figures"
      style={{ top: Math.max(0, top - 30), left: Math.min(left + 8, size.width - LABEL_PX) }}
    >
      {text}
    </span>
  );
}
