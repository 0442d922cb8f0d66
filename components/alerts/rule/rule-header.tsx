"use client";
import { Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { Confirm } from "@/components/account/confirm";
import { FailureBanner } from "@/components/account/failure-banner";
import { send, type Sent } from "@/components/account/send";
import { Button, ButtonLink } from "@/components/ui/button";
import { Foreign, ForeignHeading } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { KIND_NAMES, ruleOf, ruleWords } from "../rule-words";
import { StateBadge } from "../state-badge";

interface ActionsProps {
  answer: AlertAnswer<"AlertRule">;
  onDone: () => void;
}

interface RuleHeaderProps extends ActionsProps {
  /** At the right of what the rule says: which time the charts show. */
  children: ReactNode;
}

export function RuleHeader({ answer, onDone, children }: RuleHeaderProps) {
  const rule = ruleOf(answer);
  return (
    <>
      <PageHeader
        title={<ForeignHeading text={rule.name} />}
        note={<Foreign text={`${rule.service}, ${rule.environment}`} />}
      >
        <Actions answer={answer} onDone={onDone} />
      </PageHeader>
      <div className="-mt-2 mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-table">
        <StateBadge state={answer.state} />
        <span className="text-muted">{KIND_NAMES[rule.kind]}</span>
        <span className="min-w-0 break-words">{ruleWords(rule)}</span>
        <span className="ml-auto">{children}</span>
      </div>
    </>
  );
}

function Actions({ answer, onDone }: ActionsProps) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Extract<Sent<never>, { done: false }>>();
  const rule = ruleOf(answer);
  const address = `/api/v1/alerts/rules/${answer.id}`;
  const turn = async () => {
    setBusy(true);
    const sent = await send("PATCH", address, { enabled: !rule.enabled });
    setBusy(false);
    setFailure(sent.done ? undefined : sent);
    if (sent.done) onDone();
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {failure && <FailureBanner failure={failure} waitSeconds={0} />}
      <ButtonLink href={`/alerts/rules/${answer.id}/edit`}>
        <Pencil size={14} aria-hidden />
        Edit
      </ButtonLink>
      <Button disabled={busy} onClick={() => void turn()}>
        {rule.enabled ? "Switch off" : "Switch on"}
      </Button>
      <Confirm
        trigger={<Button kind="danger">Remove</Button>}
        title="Remove this rule?"
        verb="Remove the rule"
        path={address}
        onDone={() => router.push("/alerts")}
      >
        It is judged no more, and what it fires resolves within the next round. Its incidents are kept. This cannot be
        undone.
      </Confirm>
    </div>
  );
}
