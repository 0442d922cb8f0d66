"use client";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { ShownOnce } from "@/components/account/once-dialog";
import { useSend } from "@/components/account/use-send";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { shortName } from "../short-name";
import type { ActionProps } from "./receiver-actions";

/** Gives a webhook another secret, and shows it, the only time. */
export function RotateSecret({ receiver, open, onOpenChange, onDone }: ActionProps) {
  const [secret, setSecret] = useState<string>();
  const { busy, failure, waitSeconds, run } = useSend();
  const rotate = async () => {
    const path = `/api/v1/alerts/receivers/${receiver.id}/rotate-secret`;
    const made = await run<{ secret: string }>("POST", path);
    if (made === null) return;
    setSecret(made.data.secret);
    onDone();
  };
  return (
    <Dialog
      title={secret === undefined ? `New secret for “${shortName(receiver.name)}”?` : "The new secret"}
      description="For 24 hours messages are signed with the new secret and with the one before: give the new one to what receives within that time."
      open={open}
      onOpenChange={onOpenChange}
      footer={
        secret === undefined ? (
          <>
            <DialogClose>Cancel</DialogClose>
            <Button kind="primary" disabled={busy} onClick={() => void rotate()}>
              Make a new secret
            </Button>
          </>
        ) : (
          <DialogClose>Done</DialogClose>
        )
      }
    >
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      {secret !== undefined && (
        <ShownOnce text={secret} what="secret">
          This is the only time it is shown.
        </ShownOnce>
      )}
    </Dialog>
  );
}
