"use client";
import { useZone } from "@/components/shell/clock";
import { formatMoment, formatMomentFully } from "@/components/format/time";

/** A moment in the reader's clock, fully on hover; `none` when there is none. */
export function Moment({ at, none = "never" }: { at: Date | null; none?: string }) {
  const zone = useZone();
  if (at === null) return <span className="text-muted">{none}</span>;
  return (
    <time dateTime={at.toISOString()} title={formatMomentFully(at.getTime(), zone)}>
      {formatMoment(at.getTime(), zone)}
    </time>
  );
}
