"use client";
import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { TableFiles } from "@/components/ui/table-files";
import type { ReceiverBoard } from "@/lib/alerts/delivery/receiver-board";
import { NewReceiver } from "./new-receiver";
import { OffBanner } from "./off-banner";
import { ReceiversTable } from "./receivers-table";

const PATH = "/data/alerts/receivers";

/** Whom alerts are told, and whether it arrives there. */
export function ReceiversPage({ initial }: { initial: Initial<ReceiverBoard> | undefined }) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: [PATH] });
  const asked = useAnswer<ReceiverBoard>({
    path: PATH,
    search: "",
    refreshMs: 10_000,
    ...(initial ? { initial } : {}),
  });
  const { answer, error, retry } = asked;
  // One dialog for both buttons: the first receiver takes the second one away, while its secret is still on the screen.
  const [making, setMaking] = useState(false);
  const make = (label: string) => (
    <Button kind="primary" onClick={() => setMaking(true)}>
      <Plus size={15} aria-hidden /> {label}
    </Button>
  );
  return (
    <>
      <PageHeader title="Receivers" note="whom alerts are told">
        {answer && answer.receivers.length > 0 && make("New receiver")}
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-72 rounded-[10px]" />}
      {answer && <Board board={answer} first={make("Make the first receiver")} onDone={refresh} />}
      {answer && <NewReceiver mails={answer.mails} open={making} onOpenChange={setMaking} onDone={refresh} />}
    </>
  );
}

interface BoardProps {
  board: ReceiverBoard;
  /** The button that makes the first one. */
  first: ReactNode;
  onDone: () => void;
}

function Board({ board: { receivers, mails }, first, onDone }: BoardProps) {
  return (
    <div className="flex flex-col gap-4">
      {receivers.map((receiver) => (
        <OffBanner key={receiver.id} receiver={receiver} onDone={onDone} />
      ))}
      <Card
        flush
        {...(receivers.length > 0 && {
          title: "Receivers",
          actions: <TableFiles table="alert-receivers" label="these receivers" />,
        })}
      >
        {receivers.length === 0 ? (
          <EmptyState title="Nobody is told yet" actions={first}>
            A receiver is where alerts go: a program of yours, a channel in Slack, Discord or Teams, a service at
            PagerDuty, or people by e-mail. Rules name the receivers that they tell.
          </EmptyState>
        ) : (
          <ReceiversTable {...{ receivers, mails, onDone }} />
        )}
      </Card>
    </div>
  );
}
