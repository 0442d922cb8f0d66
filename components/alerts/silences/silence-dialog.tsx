"use client";
import { useState } from "react";
import { SendForm } from "@/components/account/send-form";
import { useZone } from "@/components/shell/clock";
import { Choice } from "@/components/ui/choice";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import {
  LENGTHS,
  newSilence,
  newSilenceDraft,
  silenceChanges,
  silenceDraftOf,
  type Matcher,
  type Silence,
  type SilenceDraft,
} from "./mute-draft";
import { PatternFields } from "./pattern-fields";
import { TimeField } from "./time-field";

interface SilenceDialogProps {
  /** The one that is changed, or the patterns that a new one begins with. */
  about: Silence | { matcher: Matcher };
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
  /** Now by the server's clock, Unix ms. */
  now: () => number;
}

/** Makes a silence, or changes one. */
export function SilenceDialog({ open, onOpenChange, onDone, about, now }: SilenceDialogProps) {
  const done = () => {
    onOpenChange(false);
    onDone();
  };
  return (
    <Dialog
      wide
      title={"id" in about ? "Edit the silence" : "New silence"}
      description="Nothing is told of what it mutes. It is judged and kept all the same, and what still fires when it ends is told then."
      open={open}
      onOpenChange={onOpenChange}
    >
      <SilenceForm about={about} now={now} onDone={done} />
    </Dialog>
  );
}

function SilenceForm({ about, now, onDone }: Pick<SilenceDialogProps, "about" | "now" | "onDone">) {
  const zone = useZone();
  const changed = "id" in about ? about : undefined;
  const [draft, setDraft] = useState(() =>
    changed ? silenceDraftOf(changed, zone) : newSilenceDraft(about.matcher, { nowMs: now(), zone }),
  );
  const change = (changes: Partial<SilenceDraft>) => setDraft((before) => ({ ...before, ...changes }));
  return (
    <SendForm
      place="dialog"
      method={changed ? "PATCH" : "POST"}
      path={`/api/v1/alerts/silences${changed ? `/${changed.id}` : ""}`}
      body={() => (changed ? silenceChanges(changed, draft, zone) : newSilence(draft, { nowMs: now(), zone }))}
      verb={changed ? "Save" : "Silence"}
      doing="Saving…"
      onDone={onDone}
    >
      <PatternFields patterns={draft.patterns} change={(patterns) => change({ patterns })} />
      {!changed && <LengthChoice draft={draft} change={change} />}
      {draft.length === "until" && <Times draft={draft} change={change} isNew={!changed} />}
      <Field label="Reason" hint="People who look at the alert read it.">
        <Input
          name="reason"
          required
          maxLength={500}
          autoComplete="off"
          placeholder="a release, a known fault…"
          value={draft.reason}
          onValueChange={(reason) => change({ reason })}
        />
      </Field>
    </SendForm>
  );
}

interface PartProps {
  draft: SilenceDraft;
  change: (changes: Partial<SilenceDraft>) => void;
}

function LengthChoice({ draft, change }: PartProps) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="text-table font-medium">For</span>
      <Choice label="For" options={LENGTHS} value={draft.length} onChange={(length) => change({ length })} />
    </div>
  );
}

function Times({ draft, change, isNew }: PartProps & { isNew: boolean }) {
  return (
    <div className="grid grid-cols-1 gap-3 phone:grid-cols-2">
      <TimeField
        label="From"
        name="from"
        required={!isNew}
        value={draft.from}
        onChange={(from) => change({ from })}
        {...(isNew ? { hint: "Left empty: now." } : {})}
      />
      <TimeField label="To" name="to" required value={draft.to} onChange={(to) => change({ to })} />
    </div>
  );
}
