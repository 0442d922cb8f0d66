"use client";
import { formatRange } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Dot } from "../dot";
import { IsoMoment } from "../iso-moment";
import { leftText } from "../left-text";
import type { Silence } from "./mute-draft";

/** Whether it is on, and until when. */
export function SilenceTime({ silence: { state, from, to }, nowMs }: { silence: Silence; nowMs: number }) {
  const zone = useZone();
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (state === "on")
    return (
      <>
        <Dot colour="bg-fill" />
        until <IsoMoment at={to} />
        <span className="block pl-[15px] text-small text-muted">{leftText(toMs - nowMs)} left</span>
      </>
    );
  if (state === "over")
    return (
      <>
        <Dot colour="bg-ok" />
        ended <IsoMoment at={to} />
      </>
    );
  return (
    <>
      <Dot colour="bg-client" />
      begins in {leftText(fromMs - nowMs)}
      <span className="block pl-[15px] text-small text-muted">{formatRange(fromMs, toMs, zone)}</span>
    </>
  );
}
