"use client";
import { formatDuration } from "@/components/format/duration";
import { shownText } from "@/components/format/shown";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import type { PrefillPrediction, PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import { ChangeFailure } from "./change-failure";
import type { Changes } from "./draft";
import type { ChangingSettings } from "./use-change-settings";
import { formatEstimate, formatWork } from "./work";

/** What would be put in force by switching filling on. */
export interface FillPlan {
  settings: PrefillSettingsAnswer;
  /** What somebody tries out, and with it puts in force. */
  changes: Changes;
  /** As far as there is a plan yet. */
  budgetSecondsPerHour: number | null;
  predicted: PrefillPrediction | null;
  /** Whether the app defines anything that can be filled. */
  fillable: boolean;
}

interface FillDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  changing: ChangingSettings;
  plan: FillPlan;
}

/** Asks before filling is switched on, and says what that means. */
export function FillDialog({ open, onOpenChange, changing, plan }: FillDialogProps) {
  const { busy, failure, change } = changing;
  const start = async () => {
    if (await change({ ...plan.changes, mode: "fill" })) onOpenChange(false);
  };
  return (
    <Dialog
      title="Start filling?"
      description={shownText(`${plan.settings.service}, ${plan.settings.environment}`)}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button kind="primary" disabled={busy} onClick={() => void start()}>
            {busy ? "Starting…" : "Start filling"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-table">
        {failure && <ChangeFailure failure={failure} />}
        <FillTerms plan={plan} />
      </div>
    </Dialog>
  );
}

/** As it is set, not as it was measured: 10 %, 1 %. */
const percent = (share: number) => `${Number((share * 100).toPrecision(3))}\u00a0%`;

function FillTerms({ plan }: { plan: FillPlan }) {
  const { settings, budgetSecondsPerHour, predicted, fillable } = plan;
  const { concurrency, withheldShare, holdOutShare } = settings;
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5 marker:text-faint">
      {!fillable && (
        <li className="font-medium">
          The app defines nothing that can be filled yet: until it calls defineCached, this changes nothing.
        </li>
      )}
      <li>
        The app computes values in the background
        {budgetSecondsPerHour !== null && <>, for at most {formatWork(budgetSecondsPerHour)} of work in all</>}, at most{" "}
        {concurrency} at once in each instance.
      </li>
      {predicted && <Predicted {...predicted} />}
      <li>
        {percent(withheldShare)} of the decisions are withheld by chance, so that the effect can be proven; a further{" "}
        {percent(holdOutShare)} of the users are never filled.
      </li>
      <li>It switches itself off when it does harm. Stop acts within 2 seconds.</li>
    </ul>
  );
}

function Predicted({ p99BeforeUs, p99AfterUs, missesAvoidedPerDay }: PrefillPrediction) {
  if (p99BeforeUs === null || p99AfterUs === null) return null;
  return (
    <li>
      Predicted: p99 {formatDuration(p99AfterUs)} instead of {formatDuration(p99BeforeUs)},{" "}
      {formatEstimate(missesAvoidedPerDay)} misses avoided a day.
    </li>
  );
}
