"use client";
import { HeatMap } from "@/components/charts/heat-map";
import { LatencyChart } from "@/components/charts/latency-chart";
import { OutcomesChart } from "@/components/charts/outcomes-chart";
import { PercentilePicker } from "@/components/charts/percentile-picker";
import { useBefore } from "@/components/range/use-before";
import { formatRequests } from "@/components/format/count";
import type { TimeRange, View } from "@/components/range/view";
import type { EndpointAnswer } from "@/lib/query/answers";

interface EndpointChartsProps {
  answer: EndpointAnswer;
  shown: TimeRange;
  view: View;
  change: (changes: Partial<View>) => void;
}

/** The charts over time, one below the other so that their times line up. */
export function EndpointCharts({ answer, shown, view, change }: EndpointChartsProps) {
  const of = `${answer.method} ${answer.route}`;
  const { series, releases, heatMap, totals } = answer;
  const against = useBefore(answer.before, shown, view.compare);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <LatencyChart
        note={formatRequests(totals.count)}
        range={shown}
        against={against}
        percentiles={view.percentiles}
        controls={<PercentilePicker chosen={view.percentiles} onChange={(percentiles) => change({ percentiles })} />}
        {...{ of, series, releases }}
      />
      <HeatMap range={shown} map={heatMap} {...{ of, series, releases }} />
      <OutcomesChart range={shown} {...{ of, series, releases }} />
    </div>
  );
}
