"use client";
import { shownShort } from "@/components/format/shown";
import type { TimeRange } from "@/components/range/view";
import type { ReleaseMark } from "@/lib/query/answers";
import { AlertMarks } from "./alert-marks";
import { ROOM, xOf } from "./geometry";
import type { Size } from "./time-plot";

interface PlotMarksProps {
  size: Size;
  range: TimeRange;
  releases: readonly ReleaseMark[];
  gaps: readonly TimeRange[];
}

/** Narrower than this, a gap has no room for its words, px. */
const WORDS_PX = 34;

/** Releases and alerts as thin vertical lines, and words where there is no sample. */
export function PlotMarks({ size, range, releases, gaps }: PlotMarksProps) {
  const { width, height } = size;
  const foot = height - ROOM.bottom;
  return (
    <svg width={width} height={height} className="pointer-events-none absolute inset-0" aria-hidden>
      {gaps.map((gap) => {
        const from = xOf(gap.fromMs, range, width);
        const to = xOf(gap.toMs, range, width);
        if (to - from < WORDS_PX) return null;
        return (
          <text
            key={gap.fromMs}
            x={(from + to) / 2}
            y={(ROOM.top + foot) / 2}
            textAnchor="middle"
            className="fill-faint text-tiny"
          >
            no data
          </text>
        );
      })}
      <AlertMarks size={size} range={range} />
      {releases.map((mark) => (
        <ReleaseLine key={mark.at + mark.release} mark={mark} x={xOf(Date.parse(mark.at), range, width)} size={size} />
      ))}
    </svg>
  );
}

function ReleaseLine({ mark, x, size }: { mark: ReleaseMark; x: number; size: Size }) {
  const name = shownShort(mark.release, 14);
  const half = name.length * 3.2 + 7;
  // Within the plot: at its left edge the name would cover the highest label of the axis.
  const middle = Math.min(size.width - half - 1, Math.max(ROOM.left + half, x));
  return (
    <g>
      <line x1={x} x2={x} y1={14} y2={size.height - ROOM.bottom} className="stroke-muted" />
      <rect x={middle - half} y={0.5} width={half * 2} height={15} rx={4} className="fill-surface stroke-line" />
      <text x={middle} y={11.5} textAnchor="middle" className="fill-muted text-tiny figures">
        {name}
      </text>
    </g>
  );
}
