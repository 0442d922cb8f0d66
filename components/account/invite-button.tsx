"use client";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { OnceDialog } from "./once-dialog";
import { SendForm } from "./send-form";

/** Makes an invitation; the dialog then shows its link, the only time. */
export function InviteButton({ onDone }: { onDone: () => void }) {
  return (
    <OnceDialog
      title="Invite somebody"
      madeTitle="The invitation's link"
      what="link"
      advice="Send this link to the person yourself: it is shown only now, works once, and expires in seven days. An earlier link for the same address stops working."
      onDone={onDone}
      form={(onMade) => <InviteForm onUrl={onMade} />}
      trigger={
        <Button kind="primary">
          <UserPlus size={15} aria-hidden /> Invite
        </Button>
      }
    />
  );
}

function InviteForm({ onUrl }: { onUrl: (url: string) => void }) {
  const [email, setEmail] = useState("");
  return (
    <SendForm<{ url: string }>
      place="dialog"
      path="/api/auth/invitations"
      body={() => ({ email })}
      verb="Make the link"
      onDone={({ url }) => onUrl(url)}
    >
      <Field label="E-mail" hint="The address that the person will sign in with. tailfill sends no mail.">
        <Input name="email" type="email" required autoComplete="off" value={email} onValueChange={setEmail} />
      </Field>
    </SendForm>
  );
}
