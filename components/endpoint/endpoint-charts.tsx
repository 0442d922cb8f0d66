"use client";
import { HeatMap } from "@/components/charts/heat-map";
import { LatencyChart } from "@/components/charts/latency-chart";
import { OutcomesChart } from "@/components/charts/outcomes-chart";
import { PercentileAxis } from "@/components/charts/percentile-axis";
import { PercentilePicker } from "@/components/charts/percentile-picker";
import { useLogScale } from "@/components/charts/scale-switch";
import { formatRequests } from "@/components/format/count";
import type { TimeRange, View } from "@/components/range/view";
import type { EndpointAnswer } from "@/lib/query/answers";

interface EndpointChartsProps {
  answer: EndpointAnswer;
  shown: TimeRange;
  view: View;
  change: (changes: Partial<View>) => void;
}

/** The charts over time, one below the other so that their times line up, then the distribution by percentile. */
export function EndpointCharts({ answer, shown, view, change }: EndpointChartsProps) {
  const [log] = useLogScale();
  const of = `${answer.method} ${answer.route}`;
  const { series, before, releases, heatMap, axis, totals } = answer;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <LatencyChart
        note={formatRequests(totals.count)}
        range={shown}
        compare={view.compare}
        percentiles={view.percentiles}
        controls={<PercentilePicker chosen={view.percentiles} onChange={(percentiles) => change({ percentiles })} />}
        {...{ of, series, before, releases }}
      />
      <HeatMap range={shown} map={heatMap} {...{ of, series, releases }} />
      <OutcomesChart range={shown} {...{ of, series, releases }} />
      <PercentileAxis
        note="share of requests that were at most this slow"
        log={log}
        lines={[{ key: "all", label: "all users", colour: "var(--p99)", axis }]}
      />
    </div>
  );
}
