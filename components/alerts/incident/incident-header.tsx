"use client";
import { BellOff } from "lucide-react";
import type { ReactNode } from "react";
import { Moment } from "@/components/account/moment";
import { formatAge } from "@/components/format/duration";
import { ButtonLink } from "@/components/ui/button";
import { Foreign, ForeignHeading } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";
import { PageLink } from "@/components/ui/page-link";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { AcknowledgeButton } from "../acknowledge-button";
import { ruleOf, ruleWords } from "../rule-words";
import { silenceAddress } from "../silence-address";
import { SeverityWord, StateBadge } from "../state-badge";

interface IncidentHeaderProps {
  incident: AlertAnswer<"AlertIncident">;
  rule: AlertAnswer<"AlertRule"> | null;
  updatedAt: number;
  onDone: () => void;
  /** At the right of what the rule says: which time the chart shows. */
  children: ReactNode;
}

export function IncidentHeader({ incident, rule, updatedAt, onDone, children }: IncidentHeaderProps) {
  const { state, severity, service, environment } = incident;
  const isOpen = state !== "resolved";
  return (
    <>
      <PageHeader
        title={<ForeignHeading text={incident.rule} />}
        note={<Foreign text={`${service}, ${environment}`} />}
      >
        {isOpen && (
          <ButtonLink href={silenceAddress(incident)}>
            <BellOff size={14} aria-hidden />
            Silence
          </ButtonLink>
        )}
        {state === "firing" && <AcknowledgeButton incident={incident.id} kind="primary" onDone={onDone} />}
      </PageHeader>
      <div className="-mt-2 mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-table text-muted">
        <StateBadge state={badgeOf(incident)} />
        <SeverityWord severity={severity} />
        <span>
          since <Moment at={new Date(incident.openedAt)} />
          {isOpen
            ? `, for ${formatAge(updatedAt - Date.parse(incident.openedAt))}`
            : `, over after ${formatAge(Date.parse(incident.resolvedAt!) - Date.parse(incident.openedAt))}`}
        </span>
        {incident.acknowledgedAt !== null && (
          <span>
            {incident.acknowledgedBy} looks after it since <Moment at={new Date(incident.acknowledgedAt)} />
          </span>
        )}
        {incident.toldAt === null && <span>nobody was told</span>}
      </div>
      <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <RuleLine rule={rule} />
        <span className="ml-auto">{children}</span>
      </div>
    </>
  );
}

/** What is muted as a whole, or well again as a whole, is said so. */
function badgeOf({ state, counts: { firing, muted, recovering } }: AlertAnswer<"AlertIncident">) {
  if (state === "resolved" || firing === 0) return state;
  if (muted === firing) return "muted";
  return recovering === firing ? "recovering" : state;
}

function RuleLine({ rule }: Pick<IncidentHeaderProps, "rule">) {
  if (rule === null) return <p className="text-table text-muted">Its rule was removed since.</p>;
  const { note } = ruleOf(rule);
  return (
    <div className="min-w-0 text-table break-words">
      <p>
        <PageLink href={`/alerts/rules/${rule.id}`} className="text-accent hover:underline">
          Rule
        </PageLink>
        : {ruleWords(ruleOf(rule))}
      </p>
      {note !== undefined && <p className="mt-1 max-w-prose whitespace-pre-wrap text-muted">{note}</p>}
    </div>
  );
}
