"use client";
import { Plus } from "lucide-react";
import { ErrorState } from "@/components/answer/error-state";
import type { Initial } from "@/components/data/use-answer";
import { LiveBadge } from "@/components/range/live-badge";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { AlertBoardAnswer } from "@/lib/alerts/board";
import { OffBanner } from "../receivers/off-banner";
import { FiringCard } from "./firing-card";
import { PendingCard } from "./pending-card";
import { RulesCard } from "./rules-card";
import { useBoard } from "./use-board";

/** What fires, what is about to, and what every rule says. */
export function BoardPage({ initial }: { initial: Initial<AlertBoardAnswer> | undefined }) {
  const { answer, error, updatedAt, retry } = useBoard(initial);
  return (
    <>
      <PageHeader title="Alerts" note={answer && summaryOf(answer)}>
        <LiveBadge live updatedAt={updatedAt} failed={error !== null} />
        <ButtonLink kind="primary" href="/alerts/rules/new">
          <Plus size={14} aria-hidden />
          New rule
        </ButtonLink>
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {answer === undefined && error === null && <BoardSkeleton />}
      {answer && (
        <div className="flex flex-col gap-4">
          {answer.receiversOff.map((receiver) => (
            <OffBanner key={receiver.id} receiver={receiver} onDone={retry} />
          ))}
          <FiringCard answer={answer} onDone={retry} />
          {answer.pending.length > 0 && <PendingCard answer={answer} />}
          <RulesCard rules={answer.rules} onDone={retry} />
        </div>
      )}
    </>
  );
}

function summaryOf({ incidents, pending, rules }: AlertBoardAnswer): string {
  const firing = incidents.length === 0 ? "nothing fires" : `${incidents.length} firing`;
  const waiting = pending.length === 0 ? "" : `, ${pending.length} pending`;
  return `${firing}${waiting}, ${rules.length} ${rules.length === 1 ? "rule" : "rules"}`;
}

function BoardSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-40 rounded-[10px]" />
      <Skeleton className="h-72 rounded-[10px]" />
    </div>
  );
}
