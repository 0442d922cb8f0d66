"use client";
import { Bell } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { newStoppedRuleAddress } from "@/components/alerts/new-rule-address";
import type { Initial } from "@/components/data/use-answer";
import { keptSearch } from "@/components/range/kept-search";
import { useView } from "@/components/range/use-view";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { TableFiles } from "@/components/ui/table-files";
import type { ServicesAnswer } from "@/lib/query/answers";
import type { InsightKillsAnswer } from "@/lib/query/insight-answer-schemas";
import { GuardHint } from "./guard-hint";
import { KillGroupsCard } from "./kill-groups-card";
import { KillsCard } from "./kills-card";
import { placeFiles } from "./placed-search";
import { QueriesFrame } from "./queries-frame";

interface StoppedPageProps {
  services: ServicesAnswer["services"];
  initial: Initial<InsightKillsAnswer> | undefined;
}

/** What query guards stopped, would have stopped, and left alone. */
export function StoppedPage({ services, initial }: StoppedPageProps) {
  const asked = useSearchParams();
  return (
    <QueriesFrame<InsightKillsAnswer>
      title="Stopped"
      path="/data/insight/kills"
      {...{ services, initial }}
      actions={(place) => (
        <ButtonLink href={newStoppedRuleAddress(place)} title="Be told when a guard stops something">
          <Bell size={14} aria-hidden />
          Alert
        </ButtonLink>
      )}
    >
      {(answer, place) => {
        if (!answer.told) return <GuardHint place={place} />;
        const of = answer.killCount + answer.stopCount;
        if (of === 0) return <NothingStopped />;
        const search = keptSearch(asked, { ...place });
        return (
          <>
            <KillGroupsCard
              groups={answer.groups}
              search={search}
              files={
                <TableFiles
                  table="stopped-statements"
                  label="these groups"
                  search={placeFiles(place)}
                  range={answer.range}
                />
              }
            />
            <KillsCard
              kills={answer.kills}
              stops={answer.stops}
              of={of}
              search={search}
              files={<TableFiles table="stopped" label="all of them" search={placeFiles(place)} range={answer.range} />}
            />
          </>
        );
      }}
    </QueriesFrame>
  );
}

function NothingStopped() {
  const { change } = useView();
  return (
    <Card flush>
      <EmptyState
        title="Nothing was stopped in this range"
        actions={<Button onClick={() => change({ from: "now-7d", to: "now" })}>Show the last 7 d</Button>}
      >
        No statement ran for longer than the guard allows.
      </EmptyState>
    </Card>
  );
}
