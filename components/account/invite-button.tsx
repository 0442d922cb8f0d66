"use client";
import { UserPlus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { FailureBanner } from "./failure-banner";
import { ShownOnce } from "./shown-once";
import { useSend } from "./use-send";

/** Makes an invitation; the dialog then shows its link, the only time. */
export function InviteButton({ onDone }: { onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState<string>();
  const change = (next: boolean) => {
    setOpen(next);
    if (!next && url !== undefined) onDone();
    if (next) setUrl(undefined);
  };
  return (
    <Dialog
      title={url === undefined ? "Invite somebody" : "The invitation's link"}
      open={open}
      onOpenChange={change}
      trigger={
        <Button kind="primary">
          <UserPlus size={15} aria-hidden /> Invite
        </Button>
      }
      footer={url === undefined ? undefined : <DialogClose>Done</DialogClose>}
    >
      {url === undefined ? (
        <InviteForm onUrl={setUrl} />
      ) : (
        <ShownOnce text={url} what="link">
          Send this link to the person yourself: it is shown only now, works once, and expires in seven days.
        </ShownOnce>
      )}
    </Dialog>
  );
}

function InviteForm({ onUrl }: { onUrl: (url: string) => void }) {
  const { busy, failure, waitSeconds, run } = useSend();
  const [email, setEmail] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const made = await run<{ url: string }>("POST", "/api/auth/invitations", { email });
    if (made) onUrl(made.data.url);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      <Field label="E-mail" hint="The address that the person will sign in with. tailfill sends no mail.">
        <Input name="email" type="email" required autoComplete="off" value={email} onValueChange={setEmail} />
      </Field>
      <div className="flex justify-end gap-2">
        <DialogClose>Cancel</DialogClose>
        <Button type="submit" kind="primary" disabled={busy}>
          Make the link
        </Button>
      </div>
    </form>
  );
}
