"use client";
import { useMemo } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { NothingState } from "@/components/answer/nothing-state";
import { LatencyChart } from "@/components/charts/latency-chart";
import { OutcomesChart } from "@/components/charts/outcomes-chart";
import { ShareChart } from "@/components/charts/share-chart";
import { useAnswer } from "@/components/data/use-answer";
import { formatRequests } from "@/components/format/count";
import { shownShort } from "@/components/format/shown";
import { shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { questionSearch, type View } from "@/components/range/view";
import { PageLink } from "@/components/ui/page-link";
import { Skeleton } from "@/components/ui/skeleton";
import { userAddress, userSearch } from "@/components/user/user-search";
import type { EndpointAnswer, LatencySeries, OverviewAnswer, Series, UserAnswer } from "@/lib/query/answers";
import { About } from "./about";
import type { RuleChart } from "./chart-of";

/** What a series of a rule is about. */
export interface SeriesPlace {
  endpoint: { id: number; method: string; route: string } | null;
  user: string | null;
  service: string;
  environment: string;
}

interface SeriesChartProps {
  place: SeriesPlace;
  chart: RuleChart;
  view: View;
  change: (changes: Partial<View>) => void;
}

type Answer = Pick<EndpointAnswer | OverviewAnswer | UserAnswer, "range" | "totals" | "nothing"> & {
  series: LatencySeries;
  releases?: EndpointAnswer["releases"];
};

/** The chart of an endpoint, a user or a service as their own pages have it, with a rule's threshold. */
export function SeriesChart({ place, chart, view, change }: SeriesChartProps) {
  const asked = useAnswer<Answer>({ ...questionOf(place, chart, view), refreshMs: refreshMs(view) });
  const { answer, error, retry } = asked;
  const range = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  if (answer === undefined)
    return error === null ? (
      <Skeleton className="h-[296px] rounded-[10px]" />
    ) : (
      <ErrorState error={error} kept={false} retry={retry} />
    );
  if (answer.nothing)
    return (
      <NothingState
        nothing={answer.nothing === "unknown_user" ? "none_in_range" : answer.nothing}
        {...{ range, change }}
      />
    );
  return <Drawn {...{ answer, chart, range }} of={nameOf(place)} />;
}

/** What the chart below is of, and the way to its page. */
export function ChartOf({ place }: { place: SeriesPlace }) {
  const { service, environment } = place;
  return (
    <PageLink href={pageOf(place)} className="inline-flex max-w-full text-table font-medium hover:underline">
      <About endpoint={place.endpoint} user={place.user} whole={`${service}, ${environment}: all endpoints together`} />
    </PageLink>
  );
}

/** The page of what a series is about. */
export function pageOf({ endpoint, user, service, environment }: SeriesPlace): string {
  if (endpoint !== null) return `/endpoints/${endpoint.id}`;
  const search = `?${new URLSearchParams({ service, environment }).toString()}`;
  return user === null ? `/${search}` : userAddress(user, search);
}

interface DrawnProps {
  answer: Answer;
  chart: RuleChart;
  range: ReturnType<typeof shownRange>;
  of: string;
}

function Drawn({ answer: { series, releases = [], totals }, chart, range, of }: DrawnProps) {
  const shared = { of, range, series, releases };
  if (hasOutcomes(series)) {
    if (chart.kind === "share")
      return <ShareChart {...shared} series={series} outcome={chart.outcome} threshold={chart.threshold} />;
    if (chart.kind === "rate")
      return <OutcomesChart {...shared} series={series} height={224} threshold={chart.perSecond} />;
  }
  return (
    <LatencyChart
      {...shared}
      note={formatRequests(totals.count)}
      against={null}
      percentiles={percentilesOf(chart)}
      thresholdUs={chart.kind === "latency" ? chart.thresholdUs : undefined}
    />
  );
}

/** How requests ended is not kept by user; rules about users are about latency alone. */
const hasOutcomes = (series: LatencySeries): series is Series => series.points.some((point) => "outcomes" in point);
const percentilesOf = (chart: RuleChart): number[] => (chart.kind === "latency" ? chart.percentiles : [99]);

const nameOf = ({ endpoint, user, service }: SeriesPlace): string =>
  shownShort(endpoint === null ? (user ?? service) : `${endpoint.method} ${endpoint.route}`, 120);

function questionOf(place: SeriesPlace, chart: RuleChart, view: View) {
  const { endpoint, user, service, environment } = place;
  const percentiles = percentilesOf(chart);
  const asked = { ...view, compare: "off" as const, percentiles };
  if (user !== null)
    return { path: "/data/user", search: userSearch(user, { ...asked, service, environment }, percentiles) };
  if (endpoint === null) return { path: "/data/overview", search: questionSearch({ ...asked, service, environment }) };
  const search = questionSearch({ ...asked, service: "", environment: "" });
  return { path: `/data/endpoints/${endpoint.id}`, search };
}
