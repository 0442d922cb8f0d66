"use client";
import { createContext, useContext, type ReactNode } from "react";
import { shownShort } from "@/components/format/shown";
import type { TimeRange } from "@/components/range/view";
import { momentAt, ROOM, xOf } from "./geometry";
import type { Size } from "./time-plot";

/** A time in which an alert fired, as charts mark it. */
export interface PlotAlert {
  /** Tells it apart from the others. */
  key: string;
  name: string;
  fromMs: number;
  /** Null: it still fires. */
  toMs: number | null;
}

const Context = createContext<readonly PlotAlert[]>([]);

/** Every chart over time inside marks these. */
export function PlotAlerts({ alerts, children }: { alerts: readonly PlotAlert[]; children: ReactNode }) {
  return <Context value={alerts}>{children}</Context>;
}

const STRIP_PX = 4;

/** When alerts fired: a thin line where each began, and a strip along the foot for as long as it went on. */
export function AlertMarks({ size, range }: { size: Size; range: TimeRange }) {
  const alerts = useContext(Context);
  const foot = size.height - ROOM.bottom;
  const right = size.width - ROOM.right;
  return alerts.map(({ key, fromMs, toMs }) => {
    const from = Math.max(ROOM.left, xOf(fromMs, range, size.width));
    const to = Math.min(right, toMs === null ? right : xOf(toMs, range, size.width));
    if (to < ROOM.left || from > right) return null;
    return (
      <g key={key} data-alert={key} className="fill-server">
        {fromMs >= range.fromMs && (
          <line x1={from} x2={from} y1={ROOM.top} y2={foot} className="stroke-server" strokeDasharray="2 2" />
        )}
        <rect x={from} y={foot - STRIP_PX} width={Math.max(2, to - from)} height={STRIP_PX} opacity={0.75} />
      </g>
    );
  });
}

/** Most names that are said of one moment. */
const MOST_NAMES = 3;
/** A line so near to the pointer is meant, px. */
const NEAR_PX = 4;

interface AlertWordsProps {
  atMs: number;
  size: Size;
  range: TimeRange;
}

/** Which alerts fired at the moment that is pointed at. */
export function AlertWords({ atMs, size, range }: AlertWordsProps) {
  const alerts = useContext(Context);
  const x = xOf(atMs, range, size.width);
  const [first, last] = [momentAt(x - NEAR_PX, range, size.width), momentAt(x + NEAR_PX, range, size.width)];
  const here = alerts.filter(({ fromMs, toMs }) => fromMs <= last && (toMs === null || toMs >= first));
  const names = [...new Set(here.map(({ name }) => name))];
  if (names.length === 0) return null;
  return (
    <div className="mt-1 max-w-56 border-t border-line-soft pt-1 text-server">
      {names.slice(0, MOST_NAMES).map((name) => (
        <div key={name} className="truncate">
          Alert: {shownShort(name, 60)}
        </div>
      ))}
      {names.length > MOST_NAMES && <div>and {names.length - MOST_NAMES} more alerts</div>}
    </div>
  );
}
