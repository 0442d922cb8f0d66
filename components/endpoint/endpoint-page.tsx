"use client";
import { Bell } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { Marked } from "@/components/alerts/marked";
import { CoarseNote } from "@/components/answer/coarse-note";
import { ErrorState } from "@/components/answer/error-state";
import { LossesBanner } from "@/components/answer/losses-banner";
import { ReplicaNote } from "@/components/answer/replica-note";
import { NothingState } from "@/components/answer/nothing-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { shownShort } from "@/components/format/shown";
import { keptSearch } from "@/components/range/kept-search";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { questionSearch } from "@/components/range/view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { newRuleAddress } from "@/components/alerts/new-rule-address";
import { ShareDialog } from "@/components/share/share-dialog";
import { ButtonLink } from "@/components/ui/button";
import { classes } from "@/components/ui/classes";
import { SlowRequestsSection } from "@/components/statements/slow-requests-section";
import { userAddress } from "@/components/user/user-search";
import type { EndpointAnswer, EndpointIdentity, TailUsersAnswer } from "@/lib/query/answers";
import { DatabaseSection } from "./database/database-section";
import { DistributionCard } from "./distribution-card";
import { EndpointHeader } from "./endpoint-header";
import { EndpointLatency, EndpointTraffic } from "./endpoint-charts";
import { EndpointSkeleton } from "./endpoint-skeleton";
import { OutcomesCard } from "./outcomes-card";
import { TailCard } from "./tail-card";
import { useChosenUsers } from "./use-chosen-users";

interface EndpointPageProps {
  endpoint: EndpointIdentity;
  initial: Initial<EndpointAnswer> | undefined;
  initialTail: Initial<TailUsersAnswer> | undefined;
  lossTexts: Readonly<Record<string, string>>;
}

export function EndpointPage({ endpoint, initial, initialTail, lossTexts }: EndpointPageProps) {
  const { view, change } = useView();
  const { id, service, environment } = endpoint;
  const search = questionSearch({ ...view, service: "", environment: "" });
  const rangeSearch = questionSearch(view, { only: ["from", "to"] });
  const every = refreshMs(view);
  const asked = useAnswer<EndpointAnswer>({ path: `/data/endpoints/${id}`, search, initial, refreshMs: every });
  const tail = useAnswer<TailUsersAnswer>({
    path: `/data/endpoints/${id}/tail`,
    search: rangeSearch,
    initial: initialTail,
    refreshMs: every,
  });
  const { answer, error, updatedAt, stale, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  const kept = keptSearch(useSearchParams(), { service, environment });
  const hrefOf = useCallback((user: string) => userAddress(user, kept), [kept]);
  const chosen = useChosenUsers();
  return (
    <PlotRange view={view} change={change}>
      <EndpointHeader endpoint={endpoint}>
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null}>
          <ButtonLink
            href={newRuleAddress(endpoint, answer?.totals.percentiles.p99Us ?? null)}
            title="Be told when it is too slow"
          >
            <Bell size={14} aria-hidden />
            Alert
          </ButtonLink>
          <ShareDialog shared={{ kind: "endpoint", endpointId: id }} view={view} />
        </ViewToolbar>
      </EndpointHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <EndpointSkeleton />}
      {answer && <LossesBanner losses={answer.losses} texts={lossTexts} />}
      {answer && <ReplicaNote behindSeconds={answer.behindSeconds} />}
      {answer && !answer.nothing && <CoarseNote coarse={answer.coarse} />}
      {answer?.nothing && <NothingState nothing={answer.nothing} range={shown} change={change} />}
      {answer && !answer.nothing && (
        <Marked of={{ endpoint: String(id) }} view={{ ...view, service: "", environment: "" }}>
          <div
            aria-busy={stale}
            className={classes(
              "grid items-start gap-4 transition-opacity",
              "wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)] wide:grid-rows-[auto_1fr]",
              stale && "opacity-60",
            )}
          >
            <EndpointLatency {...{ answer, shown, view, change }} />
            <div className="flex min-w-0 flex-col gap-4 self-stretch wide:row-span-2">
              <TailCard endpointId={id} asked={tail} hrefOf={hrefOf} chosen={chosen} />
              <DistributionCard
                axis={answer.axis}
                endpointId={id}
                search={rangeSearch}
                refreshMs={every}
                chosen={chosen}
              />
              <OutcomesCard answer={answer} />
            </div>
            <EndpointTraffic {...{ answer, shown, view }} />
          </div>
          <DatabaseSection
            of={shownShort(`${endpoint.method} ${endpoint.route}`, 120)}
            endpointId={id}
            search={rangeSearch}
            refreshMs={every}
            shown={shown}
            releases={answer.releases}
          />
          <div className="mt-4">
            <SlowRequestsSection
              of={{ endpoint: id }}
              place={{ service, environment }}
              rangeSearch={rangeSearch}
              refreshMs={every}
              kept={kept}
            />
          </div>
        </Marked>
      )}
    </PlotRange>
  );
}
