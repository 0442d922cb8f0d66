"use client";
import { Fragment, useState } from "react";
import { formatDay, formatMomentFully, formatSeconds } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { timelineWords } from "./incident-words";

type Line = AlertAnswer<"AlertIncident">["timeline"][number];

const COLOURS: Record<string, string> = {
  fired: "bg-server",
  resolved: "bg-fill",
  closed: "bg-fill",
  told: "bg-accent",
  acknowledged: "bg-accent",
  muted: "bg-ok",
  unmuted: "bg-client",
};
const AT_FIRST = 30;

/** Everything that happened, the last first. */
export function TimelineCard({ timeline }: { timeline: readonly Line[] }) {
  const zone = useZone();
  const [all, setAll] = useState(false);
  const lines = timeline.toReversed();
  const shown = all ? lines : lines.slice(0, AT_FIRST);
  return (
    <Card title="Timeline" note={`the last first, ${zone}`}>
      <ol className="relative ml-1 border-l border-line pl-4 text-table">
        {shown.map((line, index) => {
          const at = Date.parse(line.at);
          const isNewDay = index === 0 || formatDay(at, zone) !== formatDay(Date.parse(shown[index - 1]!.at), zone);
          return (
            <Fragment key={`${line.at} ${lines.length - index}`}>
              {isNewDay && <li className="py-1 text-small font-medium text-muted">{formatDay(at, zone)}</li>}
              <li className="relative flex gap-3 py-1">
                <i
                  aria-hidden
                  className={`absolute top-[10px] -left-[20.5px] size-2 rounded-full ring-2 ring-surface ${COLOURS[line.kind] ?? "bg-ok"}`}
                />
                <time dateTime={line.at} title={formatMomentFully(at, zone)} className="shrink-0 text-muted figures">
                  {formatSeconds(at, zone)}
                </time>
                <span className="min-w-0 break-words">{timelineWords(line)}</span>
              </li>
            </Fragment>
          );
        })}
      </ol>
      {shown.length < lines.length && (
        <Button kind="quiet" size="small" onClick={() => setAll(true)}>
          Show all {lines.length}
        </Button>
      )}
    </Card>
  );
}
