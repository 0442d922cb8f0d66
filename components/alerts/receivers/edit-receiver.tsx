"use client";
import { useState } from "react";
import { SendForm } from "@/components/account/send-form";
import { Dialog } from "@/components/ui/dialog";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import { shortName } from "../short-name";
import { changesOf, draftOf } from "./receiver-draft";
import { ReceiverFields } from "./receiver-fields";
import type { ActionProps } from "./receiver-actions";

/** Changes the name and the address of a receiver; its kind stays. */
export function EditReceiver({ receiver, open, onOpenChange, onDone, mails }: ActionProps & { mails: boolean }) {
  return (
    <Dialog title={`Edit “${shortName(receiver.name)}”`} open={open} onOpenChange={onOpenChange}>
      <EditForm
        {...{ receiver, mails }}
        onDone={() => {
          onOpenChange(false);
          onDone();
        }}
      />
    </Dialog>
  );
}

function EditForm({ receiver, mails, onDone }: { receiver: BoardReceiver; mails: boolean; onDone: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(receiver));
  return (
    <SendForm
      place="dialog"
      method="PATCH"
      path={`/api/v1/alerts/receivers/${receiver.id}`}
      body={() => changesOf(receiver, draft)}
      verb="Save"
      doing="Saving…"
      onDone={onDone}
    >
      <ReceiverFields
        draft={draft}
        mails={mails}
        shown={receiver.url}
        change={(changes) => setDraft((now) => ({ ...now, ...changes }))}
      />
    </SendForm>
  );
}
