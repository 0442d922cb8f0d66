"use client";
import { ErrorState } from "@/components/answer/error-state";
import type { Asked } from "@/components/data/use-answer";
import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { TableFiles } from "@/components/ui/table-files";
import type { TailUsersAnswer } from "@/lib/query/answers";
import { TailTable } from "./tail-table";
import type { ChosenUsers } from "./use-chosen-users";

interface TailCardProps {
  endpointId: number;
  asked: Asked<TailUsersAnswer>;
  /** Turns a user's id into the address of its page. */
  hrefOf: (user: string) => string;
  chosen: ChosenUsers;
}

/** Who is in the tail: a sentence, then the users with most of it. */
export function TailCard({ endpointId, asked: { answer, error, retry }, hrefOf, chosen }: TailCardProps) {
  return (
    <Card
      flush
      title="Who is in the tail"
      note={threshold(answer)}
      actions={
        answer && (
          <TableFiles
            table="endpoint-users"
            label="these users"
            search={`endpoint=${endpointId}`}
            range={answer.range}
          />
        )
      }
    >
      {error && (
        <div className="px-4">
          <ErrorState error={error} kept={answer !== undefined} retry={retry} />
        </div>
      )}
      {!answer && !error && <Skeleton className="m-4 h-[330px]" />}
      {answer && (
        <>
          <p className="px-4 pb-2 text-base font-semibold">{headline(answer)}</p>
          <TailTable answer={answer} hrefOf={hrefOf} chosen={chosen} />
        </>
      )}
    </Card>
  );
}

function threshold(answer: TailUsersAnswer | undefined): string {
  const aboveUs = answer?.tailAboveUs ?? null;
  return aboveUs === null ? "" : `requests over p95, ${formatDuration(aboveUs)}`;
}

/** "7 of 4,025 users are 61 % of it." */
export function headline({ headline: few, userCount, users, other }: TailUsersAnswer): string {
  const tail = users.reduce((sum, user) => sum + user.tailCount, other.tailCount);
  if (tail === 0) return "Nobody is in the tail of this range.";
  if (userCount === 0) return "The app tells no users: add the user option to see whose requests these are.";
  const all = `${formatCountExactly(userCount)} ${userCount === 1 ? "user" : "users"}`;
  if (few === null) return `The tail is spread over many of ${all}.`;
  const part = few.share === 1 ? "all" : formatShare(few.share);
  if (userCount === 1) return `The only user is ${part} of it.`;
  const be = few.users === 1 ? "is" : "are";
  return `${formatCountExactly(few.users)} of ${all} ${be} ${part} of it.`;
}
