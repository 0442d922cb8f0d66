"use client";
import { Share2 } from "lucide-react";
import { useState } from "react";
import { OnceDialog } from "@/components/account/once-dialog";
import { SendForm } from "@/components/account/send-form";
import type { View } from "@/components/range/view";
import { Button } from "@/components/ui/button";
import { CheckBox } from "@/components/ui/check-box";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

/** What is shared: an endpoint's latency, or the endpoints of a service and environment. */
export type Shared =
  { kind: "endpoint"; endpointId: number } | { kind: "overview"; service: string; environment: string };

interface ShareDialogProps {
  shared: Shared;
  view: Pick<View, "from" | "to">;
}

const EXPIRIES = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "7 days" },
  { value: "720", label: "30 days" },
] as const;
type Hours = (typeof EXPIRIES)[number]["value"];

/** Makes a link by which anybody sees this until it expires; the dialog shows it once. */
export function ShareDialog({ shared, view }: ShareDialogProps) {
  return (
    <OnceDialog
      title="Share"
      madeTitle="The link"
      what="link"
      advice="This is the only time the link is shown. Whoever has it sees this page without signing in, until it expires or is revoked in Settings, Links."
      onDone={() => undefined}
      form={(onMade) => <ShareForm {...{ shared, view, onMade }} />}
      trigger={
        <Button title="Make a link for people who have no account here">
          <Share2 size={14} aria-hidden />
          Share
        </Button>
      }
    />
  );
}

function ShareForm({ shared, view, onMade }: ShareDialogProps & { onMade: (link: string) => void }) {
  const [hours, setHours] = useState<Hours>("24");
  const [sites, setSites] = useState("");
  const [users, setUsers] = useState(false);
  const embeddedBy = sites.split(/[\s,]+/).filter((site) => site !== "");
  return (
    <SendForm<{ url: string }>
      place="dialog"
      path="/api/v1/shares"
      body={() => ({ ...shared, from: view.from, to: view.to, hours: Number(hours), users, embeddedBy })}
      verb="Make the link"
      onDone={({ url }) => onMade(url)}
    >
      <p className="text-table text-muted">
        {shared.kind === "endpoint" ? "Latency over time" : "The endpoints, worst first"}, of the range that is chosen
        here. Nothing else can be seen with it.
      </p>
      <div className="flex flex-col gap-1.5 text-table font-medium">
        Expires after
        <Select label="Expires after" value={hours} options={EXPIRIES} onChange={setHours} />
      </div>
      <Field
        label="Sites that may embed it"
        hint="Origins, as https://wiki.example.com; * is every site. Empty: it opens as a page of its own only."
      >
        <Input name="sites" autoComplete="off" value={sites} onValueChange={setSites} />
      </Field>
      {shared.kind === "endpoint" && (
        <label className="flex cursor-pointer items-start gap-2.5 text-table touch:min-h-11">
          <span className="mt-0.5">
            <CheckBox checked={users} onChange={setUsers} />
          </span>
          <span>Show who is in the tail, with ids of users</span>
        </label>
      )}
    </SendForm>
  );
}
