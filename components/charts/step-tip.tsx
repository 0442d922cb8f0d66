"use client";
import type { ReactNode } from "react";
import { formatRequests } from "@/components/format/count";
import { formatDay, formatMoment, formatSeconds } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";

interface StepTipProps {
  atMs: number;
  stepMs: number;
  count: number;
  children?: ReactNode;
}

/** Which step is pointed at and how many requests it holds, above its figures. */
export function StepTip({ atMs, stepMs, count, children }: StepTipProps) {
  const zone = useZone();
  const when =
    stepMs < 60_000
      ? `${formatDay(atMs, zone)}, ${formatSeconds(atMs, zone)}`
      : stepMs < 86_400_000
        ? formatMoment(atMs, zone)
        : formatDay(atMs, zone);
  return (
    <>
      <div className="mb-1 flex justify-between gap-4 text-muted">
        <span>{when}</span>
        <span>{count === 0 ? "no data" : formatRequests(count)}</span>
      </div>
      {children}
    </>
  );
}
