"use client";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { Marked } from "@/components/alerts/marked";
import { ErrorState } from "@/components/answer/error-state";
import { LossesBanner } from "@/components/answer/losses-banner";
import { ReplicaNote } from "@/components/answer/replica-note";
import { NothingState } from "@/components/answer/nothing-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { keptSearch } from "@/components/range/kept-search";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { questionSearch, type View } from "@/components/range/view";
import { SlowRequestsSection } from "@/components/statements/slow-requests-section";
import { classes } from "@/components/ui/classes";
import { Foreign } from "@/components/ui/foreign";
import type { UserAnswer } from "@/lib/query/answers";
import { UnknownUser } from "./unknown-user";
import { UserCharts } from "./user-charts";
import { UserEndpoints } from "./user-endpoints";
import { UserHeader } from "./user-header";
import { userSearch } from "./user-search";
import { UserSkeleton } from "./user-skeleton";

interface UserPageProps {
  user: string;
  initial: Initial<UserAnswer> | undefined;
  lossTexts: Readonly<Record<string, string>>;
}

/** One user against everybody else on the same endpoints. */
export function UserPage({ user, initial, lossTexts }: UserPageProps) {
  const { view, change } = useView();
  const asked = useAnswer<UserAnswer>({
    path: "/data/user",
    search: userSearch(user, view),
    initial,
    refreshMs: refreshMs(view),
  });
  const kept = keptSearch(useSearchParams());
  const { answer, error, updatedAt, stale, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  return (
    <PlotRange view={view} change={change}>
      <UserHeader user={user} place={<Place view={view} />}>
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null} comparable={false} />
      </UserHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <UserSkeleton />}
      {answer && <LossesBanner losses={answer.losses} texts={lossTexts} />}
      {answer && <ReplicaNote behindSeconds={answer.behindSeconds} />}
      {answer?.nothing &&
        (answer.nothing === "unknown_user" ? (
          <UnknownUser {...{ view, change }} />
        ) : (
          <NothingState nothing={answer.nothing} range={shown} change={change} />
        ))}
      {answer && !answer.nothing && (
        <div aria-busy={stale} className={classes("flex flex-col gap-4 transition-opacity", stale && "opacity-60")}>
          <Marked of={{ user }} view={view}>
            <UserCharts answer={answer} shown={shown} />
          </Marked>
          <UserEndpoints answer={answer} search={kept} />
          {view.service !== "" && view.environment !== "" && (
            <SlowRequestsSection
              of={{ user }}
              place={{ service: view.service, environment: view.environment }}
              rangeSearch={questionSearch(view, { only: ["from", "to"] })}
              refreshMs={refreshMs(view)}
              kept={kept}
            />
          )}
        </div>
      )}
    </PlotRange>
  );
}

function Place({ view: { service, environment } }: { view: View }) {
  if (service === "" && environment === "") return "all services";
  return [service, environment]
    .filter((name) => name !== "")
    .map((name, index) => (
      <span key={name}>
        {index > 0 && ", "}
        <Foreign text={name} />
      </span>
    ));
}
