"use client";
import { useMemo } from "react";
import { ChartCard } from "@/components/charts/chart-card";
import { useWidth } from "@/components/charts/use-width";
import { formatCountExactly } from "@/components/format/count";
import { formatShare } from "@/components/format/share";
import type { ReliabilityBin } from "@/lib/query/prefill-answers";
import { dotsOf, reliabilityWords, type ReliabilityDot } from "./reliability";

const HEIGHT = 210;
const ROOM = { left: 44, right: 22, top: 10, bottom: 26 };

/** The chance of use that decisions were taken by, against how often somebody came: on the diagonal, it comes true. */
export function ReliabilityCard({ bins }: { bins: readonly ReliabilityBin[] }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const dots = useMemo(() => dotsOf(bins), [bins]);
  const words = reliabilityWords(bins);
  return (
    <ChartCard
      title="Chance of use"
      note="how often somebody came (up), by what was said (right)"
      height={HEIGHT}
      figures={() => ({
        columns: ["said", "seen", "low", "high", "decisions"],
        rows: dots.map(({ said, seen, low, high, decisions }) => [said, seen, low, high, decisions]),
      })}
    >
      <div ref={element} role="img" aria-label={`Chance of use, said and seen. ${words}`} style={{ height: HEIGHT }}>
        {width > 0 && <Plot width={width} dots={dots} />}
      </div>
      <p className="mt-2 text-small text-muted">{words}</p>
    </ChartCard>
  );
}

function Plot({ width, dots }: { width: number; dots: readonly ReliabilityDot[] }) {
  const x = (share: number) => ROOM.left + share * (width - ROOM.left - ROOM.right);
  const y = (share: number) => HEIGHT - ROOM.bottom - share * (HEIGHT - ROOM.top - ROOM.bottom);
  const most = Math.max(1, ...dots.map(({ decisions }) => decisions));
  return (
    <svg width={width} height={HEIGHT} className="text-tiny figures">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line x1={x(0)} x2={x(1)} y1={y(share)} y2={y(share)} className="stroke-line-soft" />
          <text x={x(0) - 8} y={y(share) + 4} textAnchor="end" className="fill-muted">
            {share * 100} %
          </text>
          <text x={x(share)} y={HEIGHT - 6} textAnchor="middle" className="fill-muted">
            {share * 100} %
          </text>
        </g>
      ))}
      <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="stroke-faint" strokeDasharray="4 3" />
      {dots.map((dot) => (
        <g key={dot.said}>
          <title>
            {`said ${formatShare(dot.said)}, seen ${formatShare(dot.seen)} of ${formatCountExactly(dot.decisions)}`}
          </title>
          <line
            x1={x(dot.said)}
            x2={x(dot.said)}
            y1={y(dot.low)}
            y2={y(dot.high)}
            className="stroke-fill"
            strokeOpacity={0.5}
          />
          <circle cx={x(dot.said)} cy={y(dot.seen)} r={3 + 4 * Math.sqrt(dot.decisions / most)} className="fill-fill" />
        </g>
      ))}
    </svg>
  );
}
