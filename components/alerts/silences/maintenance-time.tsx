"use client";
import { formatRange } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Dot } from "../dot";
import { IsoMoment } from "../iso-moment";
import { leftText } from "../left-text";
import type { Maintenance } from "./mute-draft";
import { nextTime } from "./mute-times";

const OFTEN: Record<Maintenance["repeats"], string> = { once: "once", daily: "every day", weekly: "every week" };

/** When it is on, or next. */
export function MaintenanceTime({ window, nowMs }: { window: Maintenance; nowMs: number }) {
  const zone = useZone();
  const next = nextTime(window, nowMs);
  if (next === null)
    return (
      <span className="text-muted">
        <Dot colour="bg-ok" />
        over
      </span>
    );
  return (
    <>
      <Dot colour={window.isOn ? "bg-fill" : "bg-client"} />
      {window.isOn ? `on, ${leftText(next.toMs - nowMs)} left` : `begins in ${leftText(next.fromMs - nowMs)}`}
      <span className="block pl-[15px] text-small text-muted">
        {OFTEN[window.repeats]}, {window.repeats === "once" || window.isOn ? "" : "next "}
        {formatRange(next.fromMs, next.toMs, zone)}
        {window.until !== null && (
          <>
            , not after <IsoMoment at={window.until} />
          </>
        )}
      </span>
    </>
  );
}
