"use client";
import { useState } from "react";
import { ShownOnce } from "@/components/account/once-dialog";
import { SendForm } from "@/components/account/send-form";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { newReceiver, NEW_DRAFT } from "./receiver-draft";
import { ReceiverFields } from "./receiver-fields";

interface NewReceiverProps {
  mails: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}

/** Makes a receiver; of a webhook the dialog then shows the secret, the only time. */
export function NewReceiver({ mails, open, onOpenChange, onDone }: NewReceiverProps) {
  const [secret, setSecret] = useState<string>();
  const change = (next: boolean) => {
    onOpenChange(next);
    if (!next) setSecret(undefined);
  };
  const made = (answer: { secret?: string }) => {
    onDone();
    if (answer.secret === undefined) change(false);
    else setSecret(answer.secret);
  };
  return (
    <Dialog
      title={secret === undefined ? "New receiver" : "The receiver’s secret"}
      open={open}
      onOpenChange={change}
      footer={secret === undefined ? undefined : <DialogClose>Done</DialogClose>}
    >
      {secret === undefined ? (
        <NewReceiverForm mails={mails} onMade={made} />
      ) : (
        <ShownOnce text={secret} what="secret">
          This is the only time the secret is shown. Give it to what receives: by it, it knows that a message is ours.
          Then send a test, and name the receiver in a rule.
        </ShownOnce>
      )}
    </Dialog>
  );
}

function NewReceiverForm({ mails, onMade }: { mails: boolean; onMade: (answer: { secret?: string }) => void }) {
  const [draft, setDraft] = useState(NEW_DRAFT);
  return (
    <SendForm<{ secret?: string }>
      place="dialog"
      path="/api/v1/alerts/receivers"
      body={() => newReceiver(draft)}
      verb="Make the receiver"
      doing="Making it…"
      onDone={onMade}
    >
      <ReceiverFields draft={draft} mails={mails} change={(changes) => setDraft((now) => ({ ...now, ...changes }))} />
    </SendForm>
  );
}
