"use client";
import { useRouter } from "next/navigation";
import { useMemo, useState, type FormEvent } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import type { Rule, RuleKind } from "@/lib/query/alert-rule-schemas";
import type { ServicesAnswer } from "@/lib/query/answers";
import { KIND_NAMES, ruleWords } from "../rule-words";
import { DraftField, FieldRow, Labelled, type Drafting } from "./draft-field";
import { KindFields } from "./kind-fields";
import { PlaceFields } from "./place-fields";
import { refusedFields } from "./refused-fields";
import { bodyOf, changeOf } from "./rule-body";
import { BY_KIND, type RuleDraft } from "./rule-draft";
import { MoreFields, type ReceiverChoice, TellingFields } from "./telling-fields";
import { TryIt } from "./try-it";

interface RuleFormProps {
  start: RuleDraft;
  /** The rule that is changed; without, a new one is made. */
  id?: string;
  /** Whether the rules file keeps it. */
  isOfFile?: boolean;
  services: ServicesAnswer["services"];
  receivers: readonly ReceiverChoice[];
}

const KINDS = (Object.keys(KIND_NAMES) as RuleKind[]).map((kind) => ({ value: kind, label: KIND_NAMES[kind] }));

/** A rule as it is written: every field by its kind, the sentence that it makes, and what it would have done. */
export function RuleForm({ start, id, isOfFile = false, services, receivers }: RuleFormProps) {
  const router = useRouter();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const { busy, failure, waitSeconds, run } = useSend({ leaves: true });
  const read = useMemo(() => bodyOf(draft), [draft]);
  const isReadable = Object.keys(read.problems).length === 0;
  const set = (changes: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const { fields, rest } = useMemo(() => refusedFields(failure?.message ?? ""), [failure]);
  const of: Drafting = { draft, set, problems: tried ? { ...fields, ...read.problems } : {} };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isReadable) return;
    const sent = await (id === undefined
      ? run<{ id: string }>("POST", "/api/v1/alerts/rules", read.body)
      : run<AlertAnswer<"AlertRule">>("PATCH", `/api/v1/alerts/rules/${id}`, changeOf(start, draft)));
    if (sent) router.push(`/alerts/rules/${sent.data.id}`);
  };
  return (
    <>
      <PageHeader title={id === undefined ? "New rule" : "Edit rule"} />
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Card>
          <form
            method="post"
            onSubmit={(event) => void submit(event)}
            className="flex flex-col gap-4 pt-2"
            aria-label="Rule"
          >
            {isOfFile && (
              <Banner tone="warn" title="The rules file keeps this rule.">
                The next import undoes what is changed here: change it in the file, too.
              </Banner>
            )}
            <FailureBanner
              failure={failure && rest !== "" ? { ...failure, message: rest } : undefined}
              waitSeconds={waitSeconds}
            />
            <RuleFields of={of} isNew={id === undefined} {...{ services, receivers }} />
            <div className="flex flex-wrap gap-2">
              <Button type="submit" kind="primary" disabled={busy || waitSeconds > 0}>
                {busy ? "Saving" : id === undefined ? "Make the rule" : "Save"}
              </Button>
              <ButtonLink href={id === undefined ? "/alerts" : `/alerts/rules/${id}`}>Cancel</ButtonLink>
            </div>
            {tried && !isReadable && (
              <p role="alert" className="text-small text-server">
                Some fields cannot be read: see what is said at each.
              </p>
            )}
          </form>
        </Card>
        <TryIt
          body={read.body}
          sentence={isReadable ? ruleWords(read.body as Rule) : null}
          onUnreadable={() => setTried(true)}
        />
      </div>
    </>
  );
}

interface RuleFieldsProps extends Pick<RuleFormProps, "services" | "receivers"> {
  of: Drafting;
  /** A kind is chosen once. */
  isNew: boolean;
}

function RuleFields({ of, isNew, services, receivers }: RuleFieldsProps) {
  return (
    <>
      <DraftField
        of={of}
        field="name"
        label="Name"
        hint="as receivers read it; no two rules have the same"
        required
        maxLength={200}
      />
      <Labelled label="Kind">
        {isNew ? (
          <Select
            label="Kind"
            value={of.draft.kind}
            options={KINDS}
            onChange={(kind) => of.set({ kind, ...BY_KIND[kind] })}
          />
        ) : (
          <span className="text-table text-muted">{KIND_NAMES[of.draft.kind]}: stays as it is</span>
        )}
      </Labelled>
      <PlaceFields of={of} services={services} />
      <KindFields of={of} />
      <FieldRow>
        <DraftField of={of} field="for" label="Fires after" hint="so long it has to breach" narrow required />
      </FieldRow>
      <TellingFields of={of} receivers={receivers} />
      <MoreFields of={of} />
    </>
  );
}
