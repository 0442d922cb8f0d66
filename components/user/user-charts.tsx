"use client";
import { useMemo } from "react";
import { LatencyChart } from "@/components/charts/latency-chart";
import { PercentileAxis } from "@/components/charts/percentile-axis";
import { formatRequests } from "@/components/format/count";
import { shownShort } from "@/components/format/shown";
import type { TimeRange } from "@/components/range/view";
import { TableFiles } from "@/components/ui/table-files";
import type { UserAnswer } from "@/lib/query/answers";
import { USER_PERCENTILES, userFiles } from "./user-search";

/** A user's latency over time and by percentile, each against everybody else's. */
export function UserCharts({ answer, shown }: { answer: UserAnswer; shown: TimeRange }) {
  const { user, series, everybodyElse, totals, axis, everybodyElseAxis } = answer;
  const against = useMemo(
    () => ({
      series: everybodyElse,
      shiftMs: 0,
      name: "everybody else",
      none: "nobody else",
      words: "everybody else on the same endpoints",
    }),
    [everybodyElse],
  );
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
      <LatencyChart
        note={formatRequests(totals.count)}
        of={`user ${shownShort(user, 60)}`}
        range={shown}
        percentiles={USER_PERCENTILES}
        files={
          <TableFiles
            table="user-series"
            label="these points"
            search={`${userFiles(answer)}&percentiles=${USER_PERCENTILES.join(",")}&step=${series.stepSeconds}`}
            range={answer.range}
          />
        }
        releases={[]}
        {...{ series, against }}
      />
      <PercentileAxis
        note="log scale"
        height={224}
        lines={[
          { key: "user", label: user.length > 18 ? "this user" : shownShort(user, 18), colour: "var(--abort)", axis },
          { key: "else", label: "everybody else", colour: "var(--p99)", axis: everybodyElseAxis },
        ]}
      />
    </div>
  );
}
