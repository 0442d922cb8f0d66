"use client";
import { HeatMap } from "@/components/charts/heat-map";
import { LatencyChart } from "@/components/charts/latency-chart";
import { OutcomesChart } from "@/components/charts/outcomes-chart";
import { PercentilePicker } from "@/components/charts/percentile-picker";
import { formatRequests } from "@/components/format/count";
import { shownShort } from "@/components/format/shown";
import { useBefore } from "@/components/range/use-before";
import type { TimeRange, View } from "@/components/range/view";
import { TableFiles } from "@/components/ui/table-files";
import type { EndpointAnswer } from "@/lib/query/answers";

interface EndpointChartsProps {
  answer: EndpointAnswer;
  shown: TimeRange;
}

interface EndpointLatencyProps extends EndpointChartsProps {
  view: View;
  change: (changes: Partial<View>) => void;
}

/** The points of both charts over time are of one table. */
const filesOf = ({ id, range, series }: EndpointAnswer, percentiles: readonly number[]) => (
  <TableFiles
    table="endpoint-series"
    label="these points"
    search={new URLSearchParams({
      endpoint: String(id),
      percentiles: percentiles.join(","),
      step: String(series.stepSeconds),
    }).toString()}
    range={range}
  />
);

const nameOf = ({ method, route }: EndpointAnswer) => shownShort(`${method} ${route}`, 120);

export function EndpointLatency({ answer, shown, view, change }: EndpointLatencyProps) {
  const { series, releases, totals } = answer;
  const against = useBefore(answer.before, shown, view.compare);
  return (
    <LatencyChart
      of={nameOf(answer)}
      note={formatRequests(totals.count)}
      range={shown}
      against={against}
      percentiles={view.percentiles}
      files={filesOf(answer, view.percentiles)}
      controls={<PercentilePicker chosen={view.percentiles} onChange={(percentiles) => change({ percentiles })} />}
      {...{ series, releases }}
    />
  );
}

/** As tall as ten users of the tail, the percentile axis and the outcomes beside them; with fewer users the axis grows. */
const HEIGHTS = { map: 310, traffic: 200 };

/** The other charts over time, below the latency so that their times line up. */
export function EndpointTraffic({ answer, shown, view }: EndpointChartsProps & { view: View }) {
  const of = nameOf(answer);
  const { series, releases, heatMap } = answer;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <HeatMap range={shown} map={heatMap} height={HEIGHTS.map} {...{ of, series, releases }} />
      <OutcomesChart
        range={shown}
        height={HEIGHTS.traffic}
        files={filesOf(answer, view.percentiles)}
        {...{ of, series, releases }}
      />
    </div>
  );
}
