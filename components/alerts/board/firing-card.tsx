"use client";
import { CircleCheck } from "lucide-react";
import { formatAge } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertBoardAnswer } from "@/lib/alerts/board";
import { About } from "../about";
import { AcknowledgeButton } from "../acknowledge-button";
import { seenWords } from "../seen-words";
import { SeverityWord, StateBadge } from "../state-badge";

type Incident = AlertBoardAnswer["incidents"][number];

/** Open incidents: whom nobody looks after first. */
export function FiringCard({ answer, onDone }: { answer: AlertBoardAnswer; onDone: () => void }) {
  const { incidents, rules, readAt } = answer;
  if (incidents.length === 0) return <NothingFires rules={rules.length} />;
  return (
    <Card title="Firing" actions={<TableFiles table="alert-firing" label="what fires" />} flush>
      <Table aria-label="Firing">
        <thead>
          <tr>
            <Th>Rule</Th>
            <Th left roomy>
              What
            </Th>
            <Th>Seen</Th>
            <Th roomy>Threshold</Th>
            <Th edge>For</Th>
            <Th roomy>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((incident) => (
            <Row key={incident.id} incident={incident} nowMs={Date.parse(readAt)} onDone={onDone} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ incident, nowMs, onDone }: { incident: Incident; nowMs: number; onDone: () => void }) {
  const { lead, counts } = incident;
  const { value, threshold } = seenWords(lead?.observed ?? null);
  const muted = counts.firing > 0 && counts.muted === counts.firing;
  return (
    <tr className={`${ROW_HOVER} relative hover:bg-sunken`} {...ROW_LINK}>
      <Td wrap className="max-w-0 min-w-44 phone:w-[38%]">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <StateBadge
            state={muted ? "muted" : incident.state === "firing" ? (lead?.state ?? "firing") : incident.state}
          />
          <SeverityWord severity={incident.severity} />
          <PageLink
            href={`/alerts/incidents/${incident.id}`}
            className="min-w-0 font-medium after:absolute after:inset-0"
          >
            <span className="line-clamp-2 break-words">
              <Foreign text={incident.rule} />
            </span>
          </PageLink>
        </span>
        <span className="mt-0.5 block truncate text-small phone:hidden">
          <What incident={incident} />
        </span>
        {incident.state === "firing" && (
          <span className="mt-1.5 block phone:hidden">
            <AcknowledgeButton incident={incident.id} size="small" onDone={onDone} />
          </span>
        )}
      </Td>
      <Td left roomy className="max-w-0 phone:w-[34%]">
        <span className="block truncate">
          <What incident={incident} />
        </span>
      </Td>
      <Td className={lead?.state === "firing" ? "font-medium text-server" : ""}>{value ?? "–"}</Td>
      <Td roomy className="text-muted">
        {threshold ?? "–"}
      </Td>
      <Td edge>{formatAge(nowMs - Date.parse(incident.openedAt))}</Td>
      <Td roomy className="text-muted">
        {incident.acknowledgedBy !== null ? (
          <span className="text-small">by {incident.acknowledgedBy}</span>
        ) : (
          <AcknowledgeButton incident={incident.id} size="small" onDone={onDone} />
        )}
      </Td>
    </tr>
  );
}

function What({ incident: { lead, counts, service, environment } }: { incident: Incident }) {
  const whole = `${service}, ${environment}`;
  return (
    <>
      {lead === null ? whole : <About endpoint={lead.endpoint} user={lead.user} whole={whole} />}
      {counts.firing > 1 && <span className="ml-1.5 text-muted">and {counts.firing - 1} more</span>}
    </>
  );
}

function NothingFires({ rules }: { rules: number }) {
  return (
    <Card>
      <p className="flex items-center gap-2.5 pt-1.5 text-base">
        <CircleCheck size={18} aria-hidden className="text-fill" />
        <span className="font-medium">Nothing fires.</span>
        <span className="text-muted">
          {rules === 0 ? "There is no rule yet that could." : "All rules are judged every 10 s."}
        </span>
      </p>
    </Card>
  );
}
