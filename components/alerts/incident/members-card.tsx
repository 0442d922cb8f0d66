"use client";
import { ChartLine } from "lucide-react";
import { useState } from "react";
import { Moment } from "@/components/account/moment";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { PageLink } from "@/components/ui/page-link";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { About } from "../about";
import { seenWords } from "../seen-words";
import { pageOf } from "../series-chart";
import { StateBadge } from "../state-badge";
import { REASON_WORDS } from "./incident-words";

type Incident = AlertAnswer<"AlertIncident">;
type Member = Incident["members"][number];

/** So many at first: an incident may have a thousand. */
const AT_FIRST = 20;

interface MembersCardProps {
  incident: Incident;
  /** The one that the chart shows. */
  chosen: Member | null;
  onChoose: (member: Member) => void;
}

/** What fired, the worst first, with what was seen last. */
export function MembersCard({ incident, chosen, onChoose }: MembersCardProps) {
  const { members, counts } = incident;
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, AT_FIRST);
  const words = [
    counts.firing > counts.recovering && `${counts.firing - counts.recovering} firing`,
    counts.recovering > 0 && `${counts.recovering} recovering`,
    counts.muted > 0 && `${counts.muted} muted`,
    counts.resolved > 0 && `${counts.resolved} resolved`,
  ].filter(Boolean);
  return (
    <Card
      title="What fired"
      note={words.join(", ")}
      actions={<TableFiles table="alert-members" label="what fired" search={`incident=${incident.id}`} />}
      flush
    >
      <Table aria-label="What fired">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Seen</Th>
            <Th roomy>Threshold</Th>
            <Th roomy>Since</Th>
            <Th>State</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((member) => (
            <Row
              key={`${member.ruleId} ${member.series}`}
              {...{ member, incident, onChoose }}
              isChosen={member === chosen}
            />
          ))}
        </tbody>
      </Table>
      {shown.length < members.length && (
        <div className="border-t border-line-soft p-2 text-center">
          <Button kind="quiet" size="small" onClick={() => setAll(true)}>
            Show all {members.length}
          </Button>
        </div>
      )}
    </Card>
  );
}

interface RowProps {
  member: Member;
  incident: Incident;
  isChosen: boolean;
  onChoose: (member: Member) => void;
}

function Row({ member, incident: { service, environment }, isChosen, onChoose }: RowProps) {
  const { value, threshold } = seenWords(member.observed);
  const { endpoint, user } = member;
  const address = pageOf({ endpoint, user, service, environment });
  const about = <About endpoint={member.endpoint} user={member.user} whole="the whole service" />;
  const isOver = member.resolvedAt !== null;
  return (
    <tr className={classes(isOver && "text-muted", isChosen && "bg-accent-soft")}>
      <Td className="max-w-0 min-w-36 w-[44%] truncate">
        <span className="flex items-center gap-1.5">
          <button
            type="button"
            aria-pressed={isChosen}
            aria-label="Show it in the chart"
            title="Show it in the chart"
            onClick={() => onChoose(member)}
            className="shrink-0 cursor-pointer rounded p-0.5 text-muted hover:text-text touch:p-3"
          >
            <ChartLine size={14} aria-hidden />
          </button>
          <PageLink href={address} className="min-w-0 truncate hover:underline">
            {about}
          </PageLink>
        </span>
      </Td>
      <Td className={member.state === "firing" ? "font-medium text-server" : ""}>{value ?? "–"}</Td>
      <Td roomy className="text-muted">
        {threshold ?? "–"}
      </Td>
      <Td roomy>
        <Moment at={new Date(member.firedAt)} />
      </Td>
      <Td>
        <span title={stateTitle(member)}>
          <StateBadge state={badgeOf(member)} />
        </span>
      </Td>
    </tr>
  );
}

/** What ended for want of data is not well. */
function badgeOf({ state, reason, mutedBy }: Member) {
  if (state === "resolved") return reason === "ok" ? "resolved" : "no_data";
  return mutedBy === null ? state : "muted";
}

function stateTitle({ resolvedAt, reason, mutedBy }: Member): string | undefined {
  if (resolvedAt !== null) return `Resolved: ${REASON_WORDS[reason ?? ""] ?? reason}`;
  return mutedBy === null ? undefined : `Muted by ${mutedBy}`;
}
