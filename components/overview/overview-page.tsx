"use client";
import { useMemo } from "react";
import { useSearchParams } from "next/navigation";
import { Marked } from "@/components/alerts/marked";
import { CoarseNote } from "@/components/answer/coarse-note";
import { ErrorState } from "@/components/answer/error-state";
import { LossesBanner } from "@/components/answer/losses-banner";
import { ReplicaNote } from "@/components/answer/replica-note";
import { NothingState } from "@/components/answer/nothing-state";
import { LatencyChart } from "@/components/charts/latency-chart";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { formatRequests } from "@/components/format/count";
import { keptSearch } from "@/components/range/kept-search";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { ServicePicker } from "@/components/range/service-picker";
import { useBefore } from "@/components/range/use-before";
import { useView } from "@/components/range/use-view";
import { COMPARISON_NAMES, questionSearch, USUAL_PERCENTILES } from "@/components/range/view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { ShareDialog } from "@/components/share/share-dialog";
import { classes } from "@/components/ui/classes";
import { PageHeader } from "@/components/ui/page-header";
import { TableFiles } from "@/components/ui/table-files";
import type { OverviewAnswer, ServicesAnswer } from "@/lib/query/answers";
import { EndpointsCard } from "./endpoints-card";
import { OverviewSkeleton } from "./overview-skeleton";
import { Tiles } from "./tiles";

interface OverviewPageProps {
  initial: Initial<OverviewAnswer> | undefined;
  services: ServicesAnswer["services"];
  lossTexts: Readonly<Record<string, string>>;
}

export function OverviewPage({ initial, services, lossTexts }: OverviewPageProps) {
  const { view, change } = useView();
  const search = questionSearch({ ...view, percentiles: USUAL_PERCENTILES });
  const asked = useAnswer<OverviewAnswer>({ path: "/data/overview", search, initial, refreshMs: refreshMs(view) });
  const { answer, error, updatedAt, stale, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  const against = useBefore(answer?.before ?? null, shown, view.compare);
  const kept = keptSearch(useSearchParams());
  return (
    <PlotRange view={view} change={change}>
      <PageHeader title="Overview">
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null}>
          <ServicePicker {...{ services, change }} service={view.service} environment={view.environment} />
          <ShareDialog
            shared={{ kind: "overview", service: view.service, environment: view.environment }}
            view={view}
          />
        </ViewToolbar>
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <OverviewSkeleton />}
      {answer && (
        <div className={classes("transition-opacity", stale && "opacity-60")} aria-busy={stale}>
          <LossesBanner losses={answer.losses} texts={lossTexts} />
          <ReplicaNote behindSeconds={answer.behindSeconds} />
          {answer.nothing ? (
            <NothingState nothing={answer.nothing} range={shown} change={change} />
          ) : (
            <>
              <CoarseNote coarse={answer.coarse} />
              <Tiles answer={answer} compared={COMPARISON_NAMES[view.compare]} />
              <div className="mb-4">
                <Marked of={{}} view={view}>
                  <LatencyChart
                    note={`all endpoints, ${formatRequests(answer.totals.count)}`}
                    of="all endpoints"
                    range={shown}
                    series={answer.series}
                    against={against}
                    percentiles={USUAL_PERCENTILES}
                    files={
                      <TableFiles
                        table="series"
                        label="these points"
                        search={seriesFiles(answer)}
                        range={answer.range}
                      />
                    }
                    releases={answer.releases}
                  />
                </Marked>
              </div>
              <EndpointsCard answer={answer} search={kept} />
            </>
          )}
        </div>
      )}
    </PlotRange>
  );
}

/** The parameters of the chart's points: the service, and the steps that are shown. */
function seriesFiles({ service, environment, series }: OverviewAnswer): string {
  const given = Object.entries({ service, environment, step: String(series.stepSeconds) });
  return new URLSearchParams(given.filter(([, value]) => value !== "")).toString();
}
