"use client";
import { useMemo } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { LossesBanner } from "@/components/answer/losses-banner";
import { NothingState } from "@/components/answer/nothing-state";
import { LatencyChart } from "@/components/charts/latency-chart";
import { PercentileAxis } from "@/components/charts/percentile-axis";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { formatRequests } from "@/components/format/count";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { viewSearch, type TimeRange, type View } from "@/components/range/view";
import { classes } from "@/components/ui/classes";
import { CopyButton } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import type { UserAnswer } from "@/lib/query/answers";
import { UserEndpoints } from "./user-endpoints";
import { userSearch, USER_PERCENTILES } from "./user-search";
import { UserSkeleton } from "./user-skeleton";

interface UserPageProps {
  user: string;
  initial: Initial<UserAnswer> | undefined;
  lossTexts: Readonly<Record<string, string>>;
}

/** One user against everybody else on the same endpoints. */
export function UserPage({ user, initial, lossTexts }: UserPageProps) {
  const { view, change } = useView();
  const path = `/data/users/${encodeURIComponent(user)}`;
  const asked = useAnswer<UserAnswer>({ path, search: userSearch(view), initial, refreshMs: refreshMs(view) });
  const { answer, error, updatedAt, stale, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  const place = [view.service, view.environment].filter(Boolean).join(", ") || "all services";
  return (
    <PlotRange view={view} change={change}>
      <PageHeader title={<span className="break-all">{user}</span>} note={<UserNote user={user} place={place} />}>
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null} comparable={false} />
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <UserSkeleton />}
      {answer && <LossesBanner losses={answer.losses} texts={lossTexts} />}
      {answer?.nothing && <NothingState nothing={answer.nothing} range={shown} change={change} />}
      {answer && !answer.nothing && (
        <div aria-busy={stale} className={classes("flex flex-col gap-4 transition-opacity", stale && "opacity-60")}>
          <UserCharts answer={answer} shown={shown} />
          <UserEndpoints answer={answer} search={linkSearch(view)} />
        </div>
      )}
    </PlotRange>
  );
}

const linkSearch = ({ from, to, compare }: View) => viewSearch({ from, to, compare });

function UserNote({ user, place }: { user: string; place: string }) {
  return (
    <span className="inline-flex items-baseline gap-1">
      user, {place}
      <CopyButton label="Copy the user's id" text={user} />
    </span>
  );
}

function UserCharts({ answer, shown }: { answer: UserAnswer; shown: TimeRange }) {
  const { user, series, everybodyElse, totals, axis, everybodyElseAxis } = answer;
  const against = useMemo(
    () => ({
      series: everybodyElse,
      shiftMs: 0,
      name: "everybody else",
      words: "everybody else on the same endpoints",
    }),
    [everybodyElse],
  );
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
      <LatencyChart
        note={formatRequests(totals.count)}
        of={`user ${user}`}
        range={shown}
        percentiles={USER_PERCENTILES}
        releases={[]}
        {...{ series, against }}
      />
      <PercentileAxis
        note="log scale"
        height={224}
        lines={[
          { key: "user", label: user.length > 18 ? "this user" : user, colour: "var(--abort)", axis },
          { key: "else", label: "everybody else", colour: "var(--p99)", axis: everybodyElseAxis },
        ]}
      />
    </div>
  );
}
