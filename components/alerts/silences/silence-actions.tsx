"use client";
import { useState } from "react";
import { Confirm } from "@/components/account/confirm";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Button } from "@/components/ui/button";
import { shortName } from "../short-name";
import type { Silence } from "./mute-draft";
import { endingOf } from "./mute-times";
import { RowMenu } from "./row-menu";
import { SilenceDialog } from "./silence-dialog";

interface SilenceActionsProps {
  silence: Silence;
  now: () => number;
  onDone: () => void;
}

/** What can be done with a silence. One that is over can only be removed. */
export function SilenceActions({ silence, now, onDone }: SilenceActionsProps) {
  const [action, setAction] = useState<"edit" | "remove" | null>(null);
  const { busy, failure, waitSeconds, run } = useSend();
  const end = async () => {
    const { method, path, body } = endingOf(silence, now());
    if (await run(method, path, body)) onDone();
  };
  const close = () => setAction(null);
  return (
    <>
      <div className="flex justify-end gap-1.5">
        {silence.state === "on" && (
          <Button size="small" disabled={busy} onClick={() => void end()}>
            End now
          </Button>
        )}
        <RowMenu
          label={`More about the silence “${shortName(silence.reason)}”`}
          {...(silence.state === "over" ? {} : { onEdit: () => setAction("edit") })}
          onRemove={() => setAction("remove")}
        />
      </div>
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      {action === "edit" && <SilenceDialog open about={silence} onOpenChange={close} {...{ now, onDone }} />}
      {action === "remove" && (
        <Confirm
          open
          onOpenChange={close}
          title="Remove this silence?"
          verb="Remove the silence"
          path={`/api/v1/alerts/silences/${silence.id}`}
          onDone={onDone}
        >
          {silence.state === "over"
            ? "It is over: only this line of the list goes."
            : "What it mutes and what still fires is told within ten seconds. To keep it in the list, end it instead."}
        </Confirm>
      )}
    </>
  );
}
