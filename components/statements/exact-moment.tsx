"use client";
import { formatDay, formatMomentFully, formatSeconds } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";

/** To the second, to be found in logs. */
export function ExactMoment({ at }: { at: string }) {
  const zone = useZone();
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={formatMomentFully(atMs, zone)}>
      <span className="block">{formatDay(atMs, zone)}</span>
      {formatSeconds(atMs, zone)}
    </time>
  );
}
