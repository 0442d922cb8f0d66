"use client";
import { Banner } from "@/components/ui/banner";
import { Choice } from "@/components/ui/choice";
import { Field, Input } from "@/components/ui/field";
import { REGIONS, type ReceiverDraft } from "./receiver-draft";
import { KIND_OPTIONS, KINDS, type ReceiverKind } from "./receiver-kinds";

interface ReceiverFieldsProps {
  draft: ReceiverDraft;
  change: (changes: Partial<ReceiverDraft>) => void;
  /** The address of one that is there already, as it is shown; its kind stays. */
  shown?: string;
  /** Whether this server can send e-mail. */
  mails: boolean;
}

/** The name, the kind and what that kind is reached by: no field of another kind. */
export function ReceiverFields({ draft, change, shown, mails }: ReceiverFieldsProps) {
  const isNew = shown === undefined;
  return (
    <>
      {isNew && <KindPicker kind={draft.kind} change={change} />}
      {draft.kind === "email" && !mails && <NoMail />}
      <Field label="Name" hint="What rules and the log call it: “on-call”, “#shop-alerts”.">
        <Input
          name="name"
          required
          maxLength={200}
          autoComplete="off"
          value={draft.name}
          onValueChange={(name) => change({ name })}
        />
      </Field>
      <ReachField draft={draft} change={change} {...(isNew ? {} : { shown })} />
      {draft.kind === "pagerduty" && (
        <div className="flex flex-col items-start gap-1.5">
          <span className="text-table font-medium">Service region</span>
          <Choice
            label="Service region"
            options={REGIONS}
            value={draft.region}
            onChange={(region) => change({ region })}
          />
        </div>
      )}
    </>
  );
}

function KindPicker({ kind, change }: { kind: ReceiverKind; change: ReceiverFieldsProps["change"] }) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="text-table font-medium">Kind</span>
      <Choice inThrees label="Kind" options={KIND_OPTIONS} value={kind} onChange={(next) => change({ kind: next })} />
    </div>
  );
}

/** What it is reached by. Of one that is there, a field left empty keeps what is set. */
function ReachField({ draft, change, shown }: Omit<ReceiverFieldsProps, "mails">) {
  const { field, fieldLabel, hint, placeholder } = KINDS[draft.kind];
  const keeps = shown !== undefined && field !== "to";
  const now = field === "url" ? `It is ${shown} now, its path is not shown.` : "The one it has is not shown.";
  return (
    <Field
      label={keeps ? `Another ${fieldLabel.toLowerCase()}` : fieldLabel}
      hint={keeps ? `${now} Left empty, it stays. ${hint}` : hint}
    >
      <Input
        name={field}
        required={!keeps}
        maxLength={field === "to" ? 6_000 : 2_000}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={draft[field]}
        onValueChange={(text) => change({ [field]: text })}
      />
    </Field>
  );
}

function NoMail() {
  return (
    <Banner tone="warn" title="This server cannot send e-mail yet.">
      Whoever runs it has to set <code className="font-mono text-small">TAILFILL_SMTP_URL</code> and{" "}
      <code className="font-mono text-small">TAILFILL_SMTP_FROM</code> first, and start it again.
    </Banner>
  );
}
