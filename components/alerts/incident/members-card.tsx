"use client";
import { useState } from "react";
import { Moment } from "@/components/account/moment";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageLink } from "@/components/ui/page-link";
import { Table, Td, Th } from "@/components/ui/table";
import { userAddress } from "@/components/user/user-search";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { About } from "../about";
import { seenWords } from "../seen-words";
import { StateBadge } from "../state-badge";
import { REASON_WORDS } from "./incident-words";

type Incident = AlertAnswer<"AlertIncident">;
type Member = Incident["members"][number];

/** So many at first: an incident may have a thousand. */
const AT_FIRST = 20;

/** What fired, the worst first, with what was seen last. */
export function MembersCard({ incident }: { incident: Incident }) {
  const { members, counts } = incident;
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, AT_FIRST);
  const words = [
    counts.firing > 0 && `${counts.firing} firing`,
    counts.muted > 0 && `${counts.muted} muted`,
    counts.resolved > 0 && `${counts.resolved} resolved`,
  ].filter(Boolean);
  return (
    <Card title="What fired" note={words.join(", ")} flush>
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
            <Row key={`${member.ruleId} ${member.series}`} member={member} incident={incident} />
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

function Row({ member, incident: { service, environment } }: { member: Member; incident: Incident }) {
  const { value, threshold } = seenWords(member.observed);
  const address = addressOf(member, { service, environment });
  const about = <About endpoint={member.endpoint} user={member.user} whole="the whole service" />;
  const isOver = member.resolvedAt !== null;
  return (
    <tr className={isOver ? "text-muted" : undefined}>
      <Td className="max-w-0 min-w-36 w-[44%] truncate">
        <PageLink href={address} className="hover:underline">
          {about}
        </PageLink>
      </Td>
      <Td className={isOver ? "" : "font-medium text-server"}>{value ?? "–"}</Td>
      <Td roomy className="text-muted">
        {threshold ?? "–"}
      </Td>
      <Td roomy>
        <Moment at={new Date(member.firedAt)} />
      </Td>
      <Td>
        <span title={stateTitle(member)}>
          <StateBadge state={isOver ? "resolved" : member.mutedBy === null ? "firing" : "muted"} />
        </span>
      </Td>
    </tr>
  );
}

function stateTitle({ resolvedAt, reason, mutedBy }: Member): string | undefined {
  if (resolvedAt !== null) return `Resolved: ${REASON_WORDS[reason ?? ""] ?? reason}`;
  return mutedBy === null ? undefined : `Muted by ${mutedBy}`;
}

function addressOf({ endpoint, user }: Member, place: { service: string; environment: string }): string {
  if (endpoint !== null) return `/endpoints/${endpoint.id}`;
  const search = `?${new URLSearchParams(place).toString()}`;
  return user === null ? `/${search}` : userAddress(user, search);
}
