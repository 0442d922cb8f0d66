"use client";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer } from "@/components/data/use-answer";
import type { TimeRange } from "@/components/range/view";
import type { ReleaseMark } from "@/lib/query/answers";
import type { DatabaseAnswer } from "@/lib/query/database-answers";
import { StatementsCard } from "./statements-card";
import { TimeChart } from "./time-chart";
import { TimeTable } from "./time-table";

interface DatabaseSectionProps {
  of: string;
  endpointId: number;
  search: string;
  refreshMs: number | false;
  shown: TimeRange;
  releases: readonly ReleaseMark[];
}

/** Where the endpoint's time goes; nothing where no app has told of its databases. */
export function DatabaseSection({ of, endpointId, search, refreshMs, shown, releases }: DatabaseSectionProps) {
  const { answer, error, retry } = useAnswer<DatabaseAnswer>({
    path: `/data/endpoints/${endpointId}/database`,
    search,
    refreshMs,
  });
  if (error !== null) return <ErrorState error={error} kept={answer !== undefined} retry={retry} />;
  if (answer === undefined || !answer.told || answer.nothing !== null) return null;
  const files = `endpoint=${endpointId}`;
  return (
    <div className="mt-4 grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
      <TimeChart {...{ of, answer, files, releases }} range={shown} />
      <TimeTable answer={answer} />
      <StatementsCard {...{ answer, files }} />
    </div>
  );
}
