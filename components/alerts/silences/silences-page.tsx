"use client";
import { useQueryClient } from "@tanstack/react-query";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { MuteBoard } from "@/lib/alerts/mute-board";
import { MaintenanceCard } from "./maintenance-card";
import { SilenceDialog } from "./silence-dialog";
import { SilencesCard } from "./silences-card";
import { useNewSilence } from "./use-new-silence";

const PATH = "/data/alerts/silences";

/** What is muted, now and at planned times. */
export function SilencesPage({ initial }: { initial: Initial<MuteBoard> | undefined }) {
  const client = useQueryClient();
  const onDone = () => void client.invalidateQueries({ queryKey: [PATH] });
  const asked = useAnswer<MuteBoard>({
    path: PATH,
    search: "",
    refreshMs: 10_000,
    ...(initial ? { initial } : {}),
  });
  const { answer, error, retry, updatedAt } = asked;
  const { open, matcher, setOpen } = useNewSilence();
  // Silences begin and end by the server's clock; this machine's may be another one.
  const now = () => (answer ? answer.readAt + Math.max(0, Date.now() - updatedAt) : Date.now());
  return (
    <>
      <PageHeader title="Silences" note="and maintenance: what is judged, but not told" />
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-72 rounded-[10px]" />}
      {answer && (
        <div className="flex flex-col gap-6">
          <SilencesCard
            {...{ board: answer, now, onDone }}
            make={
              <Button kind="primary" onClick={() => setOpen(true)}>
                New silence
              </Button>
            }
          />
          <MaintenanceCard {...{ board: answer, now, onDone }} />
          {open && <SilenceDialog open about={{ matcher }} onOpenChange={setOpen} {...{ now, onDone }} />}
        </div>
      )}
    </>
  );
}
