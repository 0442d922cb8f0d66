"use client";
import { useCallback, useMemo } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { LossesBanner } from "@/components/answer/losses-banner";
import { NothingState } from "@/components/answer/nothing-state";
import { PercentileAxis } from "@/components/charts/percentile-axis";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { questionSearch, viewSearch } from "@/components/range/view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { classes } from "@/components/ui/classes";
import { CopyButton } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import type { EndpointAnswer, TailUsersAnswer } from "@/lib/query/answers";
import { EndpointCharts } from "./endpoint-charts";
import { EndpointSkeleton } from "./endpoint-skeleton";
import { OutcomesCard } from "./outcomes-card";
import { TailCard } from "./tail-card";

/** Which endpoint it is: known before any figure is. */
export interface EndpointIdentity {
  id: number;
  service: string;
  environment: string;
  method: string;
  route: string;
}

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
  const tailSearch = questionSearch({ ...view, service: "", environment: "" }, { only: ["from", "to"] });
  const every = refreshMs(view);
  const asked = useAnswer<EndpointAnswer>({ path: `/data/endpoints/${id}`, search, initial, refreshMs: every });
  const tail = useAnswer<TailUsersAnswer>({
    path: `/data/endpoints/${id}/tail`,
    search: tailSearch,
    initial: initialTail,
    refreshMs: every,
  });
  const { answer, error, updatedAt, stale, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  const hrefOf = useCallback(
    (user: string) => `/users/${encodeURIComponent(user)}${viewSearch({ ...view, service, environment })}`,
    [view, service, environment],
  );
  return (
    <PlotRange view={view} change={change}>
      <PageHeader title={<EndpointTitle endpoint={endpoint} />} note={<EndpointNote endpoint={endpoint} />}>
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null} />
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <EndpointSkeleton />}
      {answer && <LossesBanner losses={answer.losses} texts={lossTexts} />}
      {answer?.nothing && <NothingState nothing={answer.nothing} range={shown} change={change} />}
      {answer && !answer.nothing && (
        <div
          aria-busy={stale}
          className={classes(
            "grid items-start gap-4 transition-opacity wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]",
            stale && "opacity-60",
          )}
        >
          <EndpointCharts {...{ answer, shown, view, change }} />
          <div className="flex min-w-0 flex-col gap-4">
            <TailCard asked={tail} hrefOf={hrefOf} />
            <OutcomesCard answer={answer} />
            <PercentileAxis
              note="so many were at most this slow, log scale"
              height={190}
              lines={[{ key: "all", label: "all users", colour: "var(--p99)", axis: answer.axis }]}
            />
          </div>
        </div>
      )}
    </PlotRange>
  );
}

function EndpointTitle({ endpoint: { method, route } }: { endpoint: EndpointIdentity }) {
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="font-mono text-small font-medium text-muted">{method}</span>
      <span className="min-w-0 break-all">{route}</span>
    </span>
  );
}

function EndpointNote({ endpoint: { service, environment, method, route } }: { endpoint: EndpointIdentity }) {
  return (
    <span className="inline-flex items-baseline gap-1">
      {service}, {environment}
      <CopyButton label="Copy the endpoint" text={`${method} ${route}`} />
    </span>
  );
}
